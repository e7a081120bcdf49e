/** A slice of a key space: what one list mapper gets as its line. */
import { splitColumns } from './columns.ts';
import type { RecordCodec } from './record-codec.ts';
import { RecordError } from './record-error.ts';
import { decodeLooseText, encodeText, NULL_COLUMN } from './text.ts';

/**
 * Campanile's `delimiter,prefix`, or our key range: the same, then two more columns, `startAfter` and `end`.
 * Prefix and bounds are relative to the side's prefix, so that one partition file serves both sides.
 */
export interface Partition {
  /** Keys with this character after the prefix are left out (S3's delimiter); empty: none are. */
  readonly delimiter: string;
  /** Only keys that begin with it. */
  readonly prefix: string;
  /** Only keys after it in UTF-8 byte order; null: from the first. Never empty. Valid Unicode, since it travels in a query. */
  readonly startAfter: string | null;
  /** Only keys up to and including it; null: to the last. Never empty. */
  readonly end: string | null;
}

const RECORD = 'Partition';

/** An empty column is no bound: Hadoop and editors add trailing tabs, and an empty `end` would list nothing without a word. */
function checkBound(name: string, bound: string): string {
  if (bound === '') throw new RecordError(RECORD, `${name} is empty; write \\N, or leave the column out, where the range is open`);
  return bound;
}

function encodeBound(name: string, bound: string | null): string {
  return bound === null ? NULL_COLUMN : encodeText(checkBound(name, bound));
}

function decodeBound(name: string, column: string | undefined): string | null {
  return column === undefined || column === NULL_COLUMN ? null : decodeLooseText(checkBound(name, column));
}

/** `#` first would make the line a comment, and a comma would end the delimiter. */
function encodeDelimiter(delimiter: string): string {
  return delimiter === '#' ? '%23' : delimiter === ',' ? '%2C' : encodeText(delimiter);
}

function encode(partition: Partition): string {
  if ([...partition.delimiter].length > 1) throw new RecordError(RECORD, `delimiter ${JSON.stringify(partition.delimiter)} is longer than one character`);
  const slice = `${encodeDelimiter(partition.delimiter)},${encodeText(partition.prefix)}`;
  if (partition.startAfter === null && partition.end === null) return slice;
  return `${slice}\t${encodeBound('startAfter', partition.startAfter)}\t${encodeBound('end', partition.end)}`;
}

function decode(line: string): Partition {
  const columns = splitColumns(RECORD, line, 1);
  const slice = columns[0] as string;
  const comma = slice.indexOf(',');
  if (comma < 0) throw new RecordError(RECORD, `${JSON.stringify(line)} has no comma; write delimiter,prefix with an empty delimiter for none`);
  const delimiter = decodeLooseText(slice.slice(0, comma));
  if ([...delimiter].length > 1) throw new RecordError(RECORD, `delimiter ${JSON.stringify(delimiter)} is longer than one character`);
  return { delimiter, prefix: decodeLooseText(slice.slice(comma + 1)), startAfter: decodeBound('startAfter', columns[1]), end: decodeBound('end', columns[2]) };
}

/** Whether a line of a partition file is a comment or empty and holds no partition. */
export function isPartitionComment(line: string): boolean {
  return line === '' || line.startsWith('#');
}

/** The lines of {@link Partition}. */
export const partition: RecordCodec<Partition> = { record: RECORD, encode, decode };
