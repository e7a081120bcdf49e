/** LocalStack as a child process: one port on the loopback, stopped by its number. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../helpers/free-port.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A server that answers. */
export interface LocalStack {
  readonly url: string;
  stop(): Promise<void>;
}

/** Looks for an answer, half a second apart. */
const LOOKS = 180;

/** Starts it. @param mocks - the text of its file of mocked answers @throws where it does not answer, with its log */
export async function startLocalStack(mocks: (folder: string) => Promise<string>): Promise<LocalStack> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-localstack-'));
  await mkdir(join(folder, 'files'));
  const port = await freePort();
  const log = await open(join(folder, 'log'), 'w');
  const child = spawn(join(ROOT, 'build/localstack/venv/bin/python'), [join(import.meta.dirname, 'launch.py')], {
    cwd: folder,
    env: environment(folder, port, await mocks(folder)),
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  });
  await log.close();
  const stop = () => stopped(child, folder);
  try {
    await answers(`http://127.0.0.1:${port}`, child);
    return { url: `http://127.0.0.1:${port}`, stop };
  } catch (error) {
    const text = await readFile(join(folder, 'log'), 'utf8');
    await stop();
    throw new Error(`LocalStack does not answer: ${text.slice(-4000)}`, { cause: error });
  }
}

/** Without `GATEWAY_SERVER` it would listen on every interface, whatever `GATEWAY_LISTEN` says. */
function environment(folder: string, port: number, mocks: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: folder,
    TMPDIR: folder,
    FILESYSTEM_ROOT: join(folder, 'files'),
    OVERRIDE_IN_DOCKER: '0',
    GATEWAY_SERVER: 'hypercorn',
    GATEWAY_LISTEN: `127.0.0.1:${port}`,
    DNS_ADDRESS: '0',
    SKIP_SSL_CERT_DOWNLOAD: '1',
    DISABLE_EVENTS: '1',
    SFN_MOCK_CONFIG: mocks,
  };
}

/** `Ready.` is printed even when the port is taken: the port is asked. */
async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let look = 1; ; look += 1) {
    if (child.exitCode !== null || look > LOOKS) throw new Error(`exit code ${child.exitCode} after ${look} looks`);
    const isUp = await fetch(`${url}/_localstack/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await sleep(500);
  }
}

async function stopped(child: ChildProcess, folder: string): Promise<void> {
  const ended = child.exitCode === null ? new Promise((resolve) => child.once('exit', resolve)) : null;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    // Its whole group: it may have children of its own.
    if (child.pid !== undefined) process.kill(-child.pid, signal);
    await Promise.race([ended, sleep(10_000, null, { ref: false })]);
  }
  await rm(folder, { recursive: true, force: true });
}
