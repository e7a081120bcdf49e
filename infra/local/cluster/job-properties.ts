/** Job properties: names, old names, defaults and typed reading. */
import { JobRefusedError } from './job-refused.ts';

/** Old names that Hadoop 3 still takes, of the properties that mean something here. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  'mapred.job.name': 'mapreduce.job.name',
  'mapred.map.tasks': 'mapreduce.job.maps',
  'mapred.reduce.tasks': 'mapreduce.job.reduces',
  'mapred.task.timeout': 'mapreduce.task.timeout',
  'mapred.map.max.attempts': 'mapreduce.map.maxattempts',
  'mapred.reduce.max.attempts': 'mapreduce.reduce.maxattempts',
  'mapred.min.split.size': 'mapreduce.input.fileinputformat.split.minsize',
  'mapred.line.input.format.linespermap': 'mapreduce.input.lineinputformat.linespermap',
  'mapred.output.compress': 'mapreduce.output.fileoutputformat.compress',
  'mapred.output.compression.codec': 'mapreduce.output.fileoutputformat.compress.codec',
  'mapred.output.key.comparator.class': 'mapreduce.job.output.key.comparator.class',
  'mapred.text.key.partitioner.options': 'mapreduce.partition.keypartitioner.options',
  'mapred.text.key.comparator.options': 'mapreduce.partition.keycomparator.options',
  'map.output.key.field.separator': 'mapreduce.map.output.key.field.separator',
  'mapred.textoutputformat.separator': 'mapreduce.output.textoutputformat.separator',
  'dfs.block.size': 'dfs.blocksize',
};

/** What holds where nothing is set (mapred-default.xml of Hadoop 3.4). */
const DEFAULTS: Readonly<Record<string, string>> = {
  'mapreduce.job.maps': '2',
  'mapreduce.job.reduces': '1',
  'mapreduce.task.timeout': '600000',
  'mapreduce.map.maxattempts': '4',
  'mapreduce.reduce.maxattempts': '4',
  'mapreduce.map.speculative': 'true',
  'mapreduce.reduce.speculative': 'true',
  'mapreduce.input.lineinputformat.linespermap': '1',
  'mapreduce.input.fileinputformat.split.minsize': '1',
  'mapreduce.output.fileoutputformat.compress': 'false',
  'mapreduce.output.fileoutputformat.compress.codec': 'org.apache.hadoop.io.compress.DefaultCodec',
  'mapreduce.job.running.map.limit': '0',
  'mapreduce.job.running.reduce.limit': '0',
  'dfs.blocksize': '134217728',
  'stream.stderr.reporter.prefix': 'reporter:',
};

/** The properties of one job. */
export class JobProperties {
  readonly #values: Map<string, string>;

  /** @param given - as the command line has them; old names are understood */
  constructor(given: ReadonlyMap<string, string>) {
    this.#values = new Map(Object.entries(DEFAULTS));
    for (const [name, value] of given) this.set(name, value);
  }

  /** The current name of a property. */
  static currentName(name: string): string {
    return OLD_NAMES[name] ?? name;
  }

  set(name: string, value: string): void {
    this.#values.set(JobProperties.currentName(name), value);
  }

  /** The value; null where it is neither set nor has a default. */
  get(name: string): string | null {
    return this.#values.get(name) ?? null;
  }

  /** The value, or `otherwise` where it is not set or empty. */
  text(name: string, otherwise: string): string {
    return this.#values.get(name) || otherwise;
  }

  /** A whole number. @throws JobRefusedError where it is none */
  count(name: string): number {
    const value = this.get(name) ?? '';
    if (!/^\d{1,15}$/.test(value.trim())) throw new JobRefusedError(`For input string: ${JSON.stringify(value)}; ${name} must be a whole number of at least 0`);
    return Number(value);
  }

  /** True for `true` in any case, false for all else, as Hadoop has it. */
  flag(name: string, otherwise = false): boolean {
    const value = this.get(name)?.trim().toLowerCase();
    return value === 'true' ? true : value === 'false' ? false : otherwise;
  }

  /** All names and values, old names of the table included, as a task's environment shows them. */
  entries(): readonly (readonly [string, string])[] {
    const old = Object.entries(OLD_NAMES).flatMap(([name, current]) => {
      const value = this.#values.get(current);
      return value === undefined ? [] : [[name, value] as const];
    });
    return [...old, ...this.#values];
  }
}
