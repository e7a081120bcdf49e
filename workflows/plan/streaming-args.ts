/** `hadoop-streaming …` as `command-runner.jar` takes it. Generic options come first: a later `-D` is refused (measured on 3.4.2). */
import type { PlacedFile } from './placed-file.ts';

/** A streaming job. */
export interface StreamingJob {
  readonly name: string;
  /** Job properties beside those that every job gets. */
  readonly properties: Readonly<Record<string, string | number | boolean>>;
  /** Files to localise, each linked under its name. */
  readonly files: readonly PlacedFile[];
  /** Path or URL of the archive that is unpacked as `node`; null where no program of the job is ours. */
  readonly nodeArchive: string | null;
  /** Class of the input format; null: TextInputFormat, the default. */
  readonly inputFormat: string | null;
  readonly mapper: string;
  /** Null: map only. */
  readonly reducer: string | null;
  /** Variables of the tasks; values without blanks, since streaming cuts there. */
  readonly environment: Readonly<Record<string, string>>;
  readonly inputs: readonly string[];
  readonly output: string;
}

/** One line of the input a mapper, or as many as `linespermap` says. It reads the whole input where the job is submitted. */
export const NLINE_INPUT_FORMAT = 'org.apache.hadoop.mapred.lib.NLineInputFormat';
const KEY_FIELD_PARTITIONER = 'org.apache.hadoop.mapred.lib.KeyFieldBasedPartitioner';

/** Properties of a job without reducers: exact lines, no tab added. */
export const MAP_ONLY = { 'mapreduce.job.reduces': 0, 'stream.map.output': 'keyonlytext' } as const;

/**
 * Properties of a job whose reducers each get every row of a key: partitioned by column 1, sorted bytewise by columns 1 and 2.
 * `keyonlytext` on the map side would be wrong here: the reducer would read `line TAB (null)`.
 */
export function groupedByKey(reducers: number): Readonly<Record<string, string | number>> {
  return {
    'mapreduce.job.reduces': reducers,
    'stream.num.map.output.key.fields': 2,
    'mapreduce.partition.keypartitioner.options': '-k1,1',
    'stream.reduce.output': 'keyonlytext',
  };
}

/** The arguments of a job. Speculation stays off: it doubles the requests. */
export function streamingArgs(job: StreamingJob): readonly string[] {
  const properties = {
    'mapreduce.job.name': job.name,
    'mapreduce.map.speculative': false,
    'mapreduce.reduce.speculative': false,
    ...job.properties,
  };
  return [
    'hadoop-streaming',
    ...Object.entries(properties).flatMap(([name, value]) => ['-D', `${name}=${value}`]),
    ...(job.files.length > 0 ? ['-files', job.files.map(({ url, name }) => `${url}#${name}`).join(',')] : []),
    ...(job.nodeArchive === null ? [] : ['-archives', `${job.nodeArchive}#node`]),
    ...(job.inputFormat === null ? [] : ['-inputformat', job.inputFormat]),
    '-mapper',
    job.mapper,
    ...(job.reducer === null ? [] : ['-reducer', job.reducer, '-partitioner', KEY_FIELD_PARTITIONER]),
    ...Object.entries(job.environment).flatMap(([name, value]) => ['-cmdenv', `${name}=${value}`]),
    ...job.inputs.flatMap((input) => ['-input', input]),
    '-output',
    job.output,
  ];
}
