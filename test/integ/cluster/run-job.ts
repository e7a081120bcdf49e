/** Runs one job on a local cluster of its own, in a folder of its own. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type LocalClusterOptions, localCluster } from '../../../infra/local/cluster/local-cluster.ts';
import type { RunEvent } from '../../../workflows/events/run-event.ts';
import type { StepOutcome } from '../../../workflows/plan/cluster-step.ts';

export const N_LINE = ['-inputformat', 'org.apache.hadoop.mapred.lib.NLineInputFormat'];
export const MAP_ONLY = ['-D', 'mapreduce.job.reduces=0', '-D', 'stream.map.output=keyonlytext', '-D', 'mapreduce.job.maps=1'];

export interface JobResult {
  readonly outcome: StepOutcome;
  readonly events: readonly RunEvent[];
  /** Files of the output folder by name, unpacked; null where there is no folder. */
  readonly output: Readonly<Record<string, string>> | null;
  readonly counters: Readonly<Record<string, number>>;
}

/** A folder with `in/` and, after a job, `out/`. */
export class JobFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<JobFolder> {
    const folder = new JobFolder(await mkdtemp(join(tmpdir(), 'job-')));
    await mkdir(join(folder.path, 'in'));
    return folder;
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true });
  }

  async put(name: string, content: string | Uint8Array, mode = 0o644): Promise<string> {
    const path = join(this.path, name);
    await writeFile(path, content, { mode });
    return path;
  }

  async read(name: string): Promise<string> {
    return await readFile(join(this.path, name), 'utf8');
  }

  /** Runs a job on `in/`, to `out/`. */
  async run(words: readonly string[], options: LocalClusterOptions = {}, signal = new AbortController().signal): Promise<JobResult> {
    const events: RunEvent[] = [];
    const counters: Record<string, number> = {};
    const onCounters: LocalClusterOptions['onCounters'] = (_step, groups) => {
      for (const [group, names] of groups) for (const [name, amount] of names) counters[`${group}.${name}`] = amount;
    };
    const cluster = localCluster({ events: (event) => events.push(event), onCounters, workDirectory: join(this.path, 'work'), ...options });
    try {
      const args = ['hadoop-streaming', ...words, '-input', join(this.path, 'in'), '-output', join(this.path, 'out')];
      const outcome = await cluster.run({ name: 'test', args }, signal);
      return { outcome, events, output: await this.output(), counters };
    } finally {
      await cluster.close();
    }
  }

  async output(): Promise<Readonly<Record<string, string>> | null> {
    const names = await readdir(join(this.path, 'out')).catch(() => null);
    if (names === null) return null;
    const files = names.sort().map(async (name) => {
      const bytes = await readFile(join(this.path, 'out', name));
      return [name, (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1')] as const;
    });
    return Object.fromEntries(await Promise.all(files));
  }
}

export function eventsOf<T extends RunEvent['type']>(result: JobResult, type: T): readonly Extract<RunEvent, { type: T }>[] {
  return result.events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}
