/**
 * What Hadoop Streaming puts into the environment of a task: every job property, each character outside [A-Za-z0-9] turned to `_`.
 * Outside Hadoop (a shell, a pipe) none of these names is set.
 */
import type { TaskAttempt } from './step-context.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const N_LINE = 'org.apache.hadoop.mapred.lib.NLineInputFormat';

/** Whether a Hadoop task runs this program. */
export function isHadoopTask(env: Environment): boolean {
  return env.mapreduce_task_attempt_id !== undefined;
}

/**
 * The attempt that runs this program, such as `attempt_1795216206768_0001_m_000002_0`: its number is the last field.
 *
 * @param made - id of the made-up first attempt outside Hadoop
 */
export function taskAttemptFrom(env: Environment, made = 'attempt_none_0000_m_000000_0'): TaskAttempt {
  const id = env.mapreduce_task_attempt_id;
  if (id === undefined) return { id: made, number: 0, partition: 0 };
  return { id, number: wholeNumber(id.slice(id.lastIndexOf('_') + 1)), partition: wholeNumber(env.mapreduce_task_partition) };
}

function wholeNumber(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

/** Whether every input line has `offset TAB` before it: NLineInputFormat, in a mapper, unless `stream.map.input.ignoreKey` is true. */
export function hasOffsets(env: Environment): boolean {
  const isMapper = (env.mapreduce_task_ismap ?? env.mapred_task_is_map) === 'true';
  return isMapper && env.mapred_input_format_class === N_LINE && env.stream_map_input_ignoreKey?.toLowerCase() !== 'true';
}

/** The file that this mapper reads, as Hadoop names it (`s3://bucket/a/part-00000`, `file:/a/part-00000`); null outside a mapper. */
export function inputFile(env: Environment): string | null {
  return env.mapreduce_map_input_file ?? null;
}

/** The directory of {@link inputFile}, without a slash at its end; null outside a mapper. */
export function inputDirectory(env: Environment): string | null {
  const file = inputFile(env);
  return file === null ? null : file.slice(0, Math.max(file.lastIndexOf('/'), 0));
}

/**
 * Whether two names mean one directory: `hdfs://host:8020/a`, `hdfs:/a` and `/a` do, and so do `file:/a` and `file:///a`.
 * Two names that each have an authority (a bucket, a host) must have the same one.
 */
export function isSameDirectory(a: string, b: string): boolean {
  const [left, right] = [splitUri(a), splitUri(b)];
  const sameAuthority = left.authority === '' || right.authority === '' || left.authority === right.authority;
  return sameAuthority && left.path === right.path;
}

function splitUri(uri: string): { readonly authority: string; readonly path: string } {
  const [, authority = '', path = ''] = /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?:\/\/([^/]*))?(.*)$/s.exec(uri) ?? [];
  return { authority, path: path.replace(/\/+/g, '/').replace(/\/$/, '') };
}
