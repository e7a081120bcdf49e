/** The machine that figures were taken on: without it they mean nothing. */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** Facts that stand beside every result. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
  /** The commit measured, with `+` where files were changed, other than pages, which the benchmarks write themselves. */
  readonly commit: string;
  /** Mean number of runnable processes in the minute before: above 1 something else was busy. */
  readonly load: number;
  /** ISO 8601, UTC. */
  readonly at: string;
}

function commit(): string {
  try {
    const id = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
    return id + (execFileSync('git', ['status', '--porcelain', '--', '.', ':(exclude)docs'], { encoding: 'utf8' }) === '' ? '' : '+');
  } catch {
    return 'unknown';
  }
}

/** This machine, now. */
export function thisMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    system: `${type()} ${release()}`,
    node: process.version,
    commit: commit(),
    load: loadavg()[0] ?? 0,
    at: new Date().toISOString(),
  };
}

const GIB = 1_073_741_824;

/** The machine in a line. */
export function machineLine({ processor, cores, memory, system, node, commit, load, at }: Machine): string {
  return `${processor}, ${cores} cores, ${(memory / GIB).toFixed(0)} GiB, ${system}, Node ${node}, commit ${commit}, load ${load.toFixed(2)} before, ${at.slice(0, 16)}Z`;
}
