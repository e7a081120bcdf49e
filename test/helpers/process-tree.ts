/** The command as a process of its own, and the end of everything that it started. Needs `/proc`. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';

/** A command under way. */
export interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Its end, with all that it said. */
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Starts `carillon`. */
export function startCarillon(words: readonly string[], env: Readonly<Record<string, string>>): Running {
  const child = spawn('cli/bin/carillon', words, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }));
  return { child, ended };
}

/** Parent of each process. */
function parents(): ReadonlyMap<number, number> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(
    pids.flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return [[Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])] as const];
      } catch {
        return [];
      }
    }),
  );
}

/** A process and everything below it, the root first. */
function treeOf(root: number): readonly number[] {
  const parentOf = parents();
  const tree = [root];
  for (let at = 0; at < tree.length; at += 1) for (const [pid, parent] of parentOf) if (parent === tree[at] && !tree.includes(pid)) tree.push(pid);
  return tree;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Stops the whole tree until it is let go on. @returns its processes */
export function stopTree({ child }: Running): readonly number[] {
  let tree: readonly number[] = [];
  for (let before = -1; before !== tree.length; ) {
    before = tree.length;
    tree = treeOf(child.pid as number);
    for (const pid of tree) send(pid, 'SIGSTOP');
  }
  return tree;
}

/** Lets stopped processes go on. */
export function goOn(tree: readonly number[]): void {
  for (const pid of tree) send(pid, 'SIGCONT');
}

/** `kill -9` of the whole tree: stopped first, so that nobody starts another meanwhile. */
export async function killTree(running: Running): Promise<void> {
  if (running.child.exitCode === null) for (const pid of stopTree(running)) send(pid, 'SIGKILL');
  await running.ended;
}
