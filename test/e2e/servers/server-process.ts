/** A server as a child process on a free port of the loopback, in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../helpers/free-port.ts';

/** What is started, once port and folder are known. */
export interface ServerCommand {
  readonly program: string;
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A server that answers. */
export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts it. @throws Error with the end of its log where it does not answer within two minutes */
export async function startServer(commandOf: (port: number, folder: string) => ServerCommand): Promise<RunningServer> {
  const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), 'carillon-server-'))];
  const { program, words, env = {} } = commandOf(port, folder);
  const log = openSync(join(folder, 'log'), 'a');
  const child = spawn(program, [...words], { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...env }, stdio: ['ignore', log, log] });
  const close = async () => {
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  for (const end = Date.now() + 120_000; !(await isOpen(port)); await sleep(100)) {
    if (child.exitCode === null && Date.now() < end) continue;
    const said = readFileSync(join(folder, 'log'), 'utf8').slice(-2000);
    await close();
    throw new Error(`${program} does not answer: ${said}`);
  }
  return { url: `http://127.0.0.1:${port}`, close };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await exit;
  clearTimeout(timer);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      answer(true);
    });
    socket.on('error', () => answer(false));
  });
}
