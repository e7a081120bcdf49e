/** A part file as somebody wrote it: Campanile's lines or key ranges, checked before any work. */
import { compareKeys } from '../../emr-steps/keyspace/byte-order.ts';
import { isEmptyRange } from '../../emr-steps/keyspace/key-range.ts';
import { isPartitionComment, type Partition, partition } from '../../emr-steps/records/partition.ts';
import { RecordError } from '../../emr-steps/records/record-error.ts';

/** One wrong line. */
export interface PartitionFileProblem {
  /** 1 first. */
  readonly line: number;
  readonly reason: string;
}

/** Bytes of a part file at most: 10,000 ranges between the longest keys. */
export const MOST_PART_FILE_BYTES = 32 * 1024 * 1024;

/** Most problems that one error tells. */
const MOST_PROBLEMS = 20;

/** Thrown where a part file cannot be used: each wrong line with its reason. Final. */
export class PartitionFileError extends Error {
  override readonly name = 'PartitionFileError';
  readonly code = 'PARTITION_FILE_INVALID';
  readonly retryable = false;
  readonly problems: readonly PartitionFileProblem[];

  constructor(problems: readonly PartitionFileProblem[]) {
    super(tell(problems).join('; '));
    this.problems = problems;
  }

  /** What the message says, a sentence each. */
  get sentences(): readonly string[] {
    return tell(this.problems);
  }
}

function tell(problems: readonly PartitionFileProblem[]): readonly string[] {
  const told = problems.slice(0, MOST_PROBLEMS).map(({ line, reason }) => (line === 0 ? reason : `line ${line}: ${reason}`));
  return problems.length > MOST_PROBLEMS ? [...told, `and ${problems.length - MOST_PROBLEMS} more`] : told;
}

interface NumberedPartition extends Partition {
  readonly line: number;
}

/** The partition that is the whole prefix: what a run has where nobody gives a part file. */
export const WHOLE_PREFIX: Partition = { delimiter: '', prefix: '', startAfter: null, end: null };

/**
 * Reads a part file. Comments and empty lines are left out.
 *
 * @throws PartitionFileError at more than {@link MOST_PART_FILE_BYTES}, bytes that are no UTF-8, lines that are no partition, and partitions that overlap (their objects would be
 *   listed twice); gaps are allowed, since a part file may mean a part of a bucket
 */
export function parsePartitionFile(bytes: Uint8Array): readonly Partition[] {
  if (bytes.length > MOST_PART_FILE_BYTES)
    throw new PartitionFileError([{ line: 0, reason: `the part file has ${bytes.length} bytes; at most ${MOST_PART_FILE_BYTES} can be read` }]);
  const problems: PartitionFileProblem[] = [];
  const partitions: NumberedPartition[] = [];
  for (const [at, text] of linesOf(bytes).entries()) {
    if (isPartitionComment(text)) continue;
    try {
      partitions.push({ ...decodeLine(text), line: at + 1 });
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      problems.push({ line: at + 1, reason: error.reason });
    }
  }
  problems.push(...overlapsOf(partitions));
  if (problems.length === 0 && partitions.length === 0) problems.push({ line: 0, reason: 'the part file holds no partition; write one line , for everything' });
  if (problems.length > 0) throw new PartitionFileError(problems);
  return partitions.map(({ line: _, ...slice }) => slice);
}

/** The lines of `partitions/part.tsv`. */
export function partitionLines(partitions: readonly Partition[]): string {
  return partitions.map((slice) => `${partition.encode(slice)}\n`).join('');
}

/** The same slice of a key space whose keys begin with `prefix`. */
export function below(prefix: string, slice: Partition): Partition {
  const bound = (key: string | null) => (key === null ? null : prefix + key);
  return { delimiter: slice.delimiter, prefix: prefix + slice.prefix, startAfter: bound(slice.startAfter), end: bound(slice.end) };
}

function linesOf(bytes: Uint8Array): readonly string[] {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).split('\n');
  } catch {
    throw new PartitionFileError([{ line: 0, reason: 'the part file is not UTF-8' }]);
  }
}

function decodeLine(line: string): Partition {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  const stray = /[\u0000-\u0008\u000a-\u001f\u007f]/.exec(line);
  if (stray !== null)
    throw new RecordError(
      'Partition',
      `${JSON.stringify(line)} holds a control character (a line end of Windows?); write it as %XX if it is part of the prefix`,
    );
  const slice = partition.decode(line);
  if (isEmptyRange(slice)) throw new RecordError('Partition', `no key lies after ${JSON.stringify(slice.startAfter)} and up to ${JSON.stringify(slice.end)}`);
  return slice;
}

/** Walks the partitions in the order of their prefixes; those whose prefix begins with another's meet it on the stack. */
function overlapsOf(partitions: readonly NumberedPartition[]): readonly PartitionFileProblem[] {
  const problems: PartitionFileProblem[] = [];
  const open: NumberedPartition[] = [];
  for (const inner of partitions.toSorted(byPrefix)) {
    while (open.length > 0 && !inner.prefix.startsWith((open.at(-1) as NumberedPartition).prefix)) open.pop();
    const outer = open.find((one) => overlap(one, inner));
    if (outer !== undefined) problems.push({ line: inner.line, reason: `overlaps line ${outer.line}, so that objects would be listed twice` });
    open.push(inner);
  }
  return problems.sort((a, b) => a.line - b.line);
}

function byPrefix(a: NumberedPartition, b: NumberedPartition): number {
  return a.prefix === b.prefix ? a.line - b.line : a.prefix < b.prefix ? -1 : 1;
}

/** Whether a key may lie in both; the inner prefix begins with the outer one, whose delimiter may leave the inner one out. */
function overlap(outer: Partition, inner: Partition): boolean {
  if (outer.delimiter !== '' && inner.prefix.slice(outer.prefix.length).includes(outer.delimiter)) return false;
  const startAfter = later(outer.startAfter, inner.startAfter);
  const end = outer.end === null || (inner.end !== null && compareKeys(inner.end, outer.end) < 0) ? inner.end : outer.end;
  const before = end !== null && compareKeys(end, inner.prefix) < 0;
  const behind = startAfter !== null && !startAfter.startsWith(inner.prefix) && compareKeys(startAfter, inner.prefix) > 0;
  return !(before || behind || isEmptyRange({ startAfter, end }));
}

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return compareKeys(a, b) > 0 ? a : b;
}
