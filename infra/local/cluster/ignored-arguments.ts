/** Which job properties have no effect here, and why. */

import { JobProperties } from './job-properties.ts';
import type { IgnoredArgument } from './streaming-arguments.ts';

/** Properties that the local cluster acts on, or that mean nothing beyond the task's environment. */
const HEEDED = new Set([
  'mapreduce.job.name',
  'mapreduce.job.maps',
  'mapreduce.job.reduces',
  'mapreduce.job.running.map.limit',
  'mapreduce.job.running.reduce.limit',
  'mapreduce.job.output.key.comparator.class',
  'mapreduce.task.timeout',
  'mapreduce.task.io.sort.mb',
  'mapreduce.map.maxattempts',
  'mapreduce.reduce.maxattempts',
  'mapreduce.input.lineinputformat.linespermap',
  'mapreduce.input.fileinputformat.split.minsize',
  'mapreduce.map.output.key.field.separator',
  'mapreduce.output.fileoutputformat.compress',
  'mapreduce.output.fileoutputformat.compress.codec',
  'mapreduce.output.textoutputformat.separator',
  'mapreduce.partition.keypartitioner.options',
  'mapreduce.partition.keycomparator.options',
  'num.key.fields.for.partition',
  'textinputformat.record.delimiter',
  'dfs.blocksize',
  'stream.map.input',
  'stream.map.output',
  'stream.reduce.input',
  'stream.reduce.output',
  'stream.map.input.ignoreKey',
  'stream.map.input.field.separator',
  'stream.map.output.field.separator',
  'stream.reduce.input.field.separator',
  'stream.reduce.output.field.separator',
  'stream.num.map.output.key.fields',
  'stream.num.reduce.output.key.fields',
  'stream.non.zero.exit.is.failure',
  'stream.stderr.reporter.prefix',
]);

/** Reasons by the form of the name; the first that fits. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/\.(memory|cpu\.vcores|resource)\b|\.memory\.mb$/, 'there are no containers here: memory and cores of a task are not limited'],
  [/java\.opts|command-opts/, 'no Java runs here'],
  [/speculative/, 'nothing runs speculatively here'],
  [/job\.(tags|queuename|priority)|^mapreduce\.job\.user/, 'there is no scheduler to tell'],
  [/split\.maxsize/, 'Hadoop Streaming does not heed it either; use mapreduce.job.maps'],
  [/failures\.maxpercent/, 'a failed task fails the job here: rows would be missing'],
  [/^(fs|dfs|s3)\./, 'files are read and written on this machine'],
  [/^yarn\./, 'there is no YARN here'],
];

const OF_HADOOP = /^(mapreduce|mapred|stream|yarn|fs|dfs|io|hadoop|ipc|tmp(files|archives|jars))\./;

/** Settings that hold here anyway. */
const HELD_ANYWAY: Readonly<Record<string, string>> = { 'mapreduce.map.speculative': 'false', 'mapreduce.reduce.speculative': 'false' };

/** The properties of the command line that change nothing here. Names that are not Hadoop's are for the program, which gets them. */
export function ignoredProperties(given: ReadonlyMap<string, string>): readonly IgnoredArgument[] {
  return [...given].flatMap(([name, value]) => {
    const current = JobProperties.currentName(name);
    if (HEEDED.has(current) || HELD_ANYWAY[current] === value || !OF_HADOOP.test(current)) return [];
    const reason = REASONS.find(([form]) => form.test(current))?.[1] ?? 'the local cluster does not know it';
    return [{ argument: `-D ${name}=${value}`, reason }];
  });
}
