/** Runs one command and measures it: wall clock, processor time of its whole tree of processes, and peak memory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { endedChildren, treeMemory } from './process-tree.ts';

/** A command to measure. */
export interface Command {
  /** A line for `sh`, so that pipes can be measured as one. */
  readonly line: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** File for standard output; standard error goes to the same name with `.err`. */
  readonly output: string;
  /** The command and all below it are ended after so many seconds. @default never */
  readonly limitSeconds?: number;
}

/** What it took. Seconds and bytes. */
export interface Measurement {
  readonly wall: number;
  readonly user: number;
  readonly system: number;
  /** Highest sum of resident memory over the tree, looked at every {@link SAMPLE_MILLISECONDS}. */
  readonly memory: number;
  /** Highest resident memory of one process of the tree. */
  readonly largestProcess: number;
  readonly exitCode: number;
  /** Whether it was ended at its limit. */
  readonly cutOff: boolean;
}

/** Between two looks at memory. */
export const SAMPLE_MILLISECONDS = 50;

/** Runs a command to its end. One at a time: the processor time is that of all children that ended meanwhile. */
export async function measure(command: Command): Promise<Measurement> {
  const [output, errors] = [await open(command.output, 'w'), await open(`${command.output}.err`, 'w')];
  const before = endedChildren();
  const start = process.hrtime.bigint();
  const child = spawn('/bin/sh', ['-c', command.line], { cwd: command.cwd, env: command.env, stdio: ['ignore', output.fd, errors.fd], detached: true });
  const memory = sampleMemory(child);
  const limit = endAfter(child, command.limitSeconds);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? -1));
  }).finally(() => {
    memory.stop();
    limit.stop();
  });
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  const after = endedChildren();
  await Promise.all([output.close(), errors.close()]);
  const { together, largest } = memory.most();
  const times = { wall, user: after.user - before.user, system: after.system - before.system };
  return { ...times, memory: together, largestProcess: largest, exitCode, cutOff: limit.wasReached() };
}

function sampleMemory({ pid = -1 }: ChildProcess) {
  let [together, largest] = [0, 0];
  const sampler = setInterval(() => {
    const now = treeMemory(pid);
    together = Math.max(together, now.together);
    largest = Math.max(largest, now.largest);
  }, SAMPLE_MILLISECONDS);
  return { stop: () => clearInterval(sampler), most: () => ({ together, largest }) };
}

/** The command leads a group of its own, so that all below it is ended with it. */
function endAfter({ pid }: ChildProcess, seconds: number | undefined) {
  let reached = false;
  const timer =
    seconds === undefined || pid === undefined
      ? undefined
      : setTimeout(() => {
          reached = true;
          process.kill(-pid, 'SIGKILL');
        }, seconds * 1000);
  return { stop: () => clearTimeout(timer), wasReached: () => reached };
}
