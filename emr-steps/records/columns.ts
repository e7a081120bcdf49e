/**
 * Columns of a tab-separated line: counts, closed lists, tokens, times, nulls. Each reader names what it refused, and each writer
 * refuses what its reader would not give back.
 */
import { RecordError } from './record-error.ts';
import { NULL_COLUMN } from './text.ts';
import { isTime } from './time.ts';

/** Characters of a malformed line that a message shows. */
const SHOWN = 200;

function shown(value: string | undefined): string {
  if (value === undefined) return 'missing';
  return value.length > SHOWN ? `${JSON.stringify(value.slice(0, SHOWN))}… (${value.length} characters)` : JSON.stringify(value);
}

/** The columns of a line, at least `least` of them; further ones are left to later versions of the format. */
export function splitColumns(record: string, line: string, least: number): readonly string[] {
  const columns = line.split('\t');
  if (columns.length < least) throw new RecordError(record, `${columns.length} columns in ${shown(line)}, at least ${least} are needed`);
  return columns;
}

/** A whole number of at least zero, at most 2^53 - 1, without leading zeros. */
export function decodeCount(record: string, name: string, column: string | undefined): number {
  const value = Number(column);
  if (column === undefined || !/^(?:0|[1-9]\d{0,15})$/.test(column) || !Number.isSafeInteger(value)) {
    throw new RecordError(record, `${name} is ${shown(column)}, a whole number of at least 0 is needed`);
  }
  return value;
}

/** The column of a whole number of at least zero. */
export function encodeCount(record: string, name: string, count: number): string {
  if (!Number.isSafeInteger(count) || count < 0) throw new RecordError(record, `${name} is ${count}, a whole number of at least 0 is needed`);
  return String(count);
}

/** As {@link decodeCount}, with `\N` as null. */
export function decodeNullableCount(record: string, name: string, column: string | undefined): number | null {
  return column === NULL_COLUMN ? null : decodeCount(record, name, column);
}

/** As {@link encodeCount}, with null as `\N`. */
export function encodeNullableCount(record: string, name: string, count: number | null): string {
  return count === null ? NULL_COLUMN : encodeCount(record, name, count);
}

/**
 * A sum of sizes. Above 2^53 (9 PB) it is read as the nearest number: a billion objects of 10 MB are more than that, and a sum that
 * is right to 16 digits serves the books.
 */
export function decodeTotal(record: string, name: string, column: string | undefined): number {
  if (column === undefined || !/^(?:0|[1-9]\d{0,29})$/.test(column))
    throw new RecordError(record, `${name} is ${shown(column)}, a sum of at least 0 is needed`);
  return Number(column);
}

/** The column of a sum of sizes, in digits however large it is. */
export function encodeTotal(record: string, name: string, total: number): string {
  if (!Number.isInteger(total) || total < 0 || total >= 1e30) throw new RecordError(record, `${name} is ${total}, a sum of at least 0 is needed`);
  return Number.isSafeInteger(total) ? String(total) : BigInt(total).toString();
}

/** A word of a closed list. */
export function decodeWord<T extends string>(record: string, name: string, column: string | undefined, isWord: (text: string) => text is T): T {
  if (column === undefined || !isWord(column)) throw new RecordError(record, `${name} is ${shown(column)}, which is not in its list`);
  return column;
}

/** As {@link decodeWord}, with `\N` as null. */
export function decodeNullableWord<T extends string>(record: string, name: string, column: string | undefined, isWord: (text: string) => text is T): T | null {
  return column === NULL_COLUMN ? null : decodeWord(record, name, column, isWord);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const NO_TOKEN = /[\u0000-\u001f\u007f\\]/;

function checkToken(record: string, name: string, token: string): string {
  if (NO_TOKEN.test(token)) throw new RecordError(record, `${name} is ${shown(token)}, which holds a control character or a backslash`);
  if (!token.isWellFormed()) throw new RecordError(record, `${name} is ${shown(token)}, which holds a lone surrogate`);
  return token;
}

/** A plain token (ETag, class, version id) as it stands, null as `\N`; refuses what would break the line. */
export function encodeToken(record: string, name: string, token: string | null): string {
  return token === null ? NULL_COLUMN : checkToken(record, name, token);
}

/** A token, with `\N` and a column that is not there as null. */
export function decodeToken(record: string, name: string, column: string | undefined): string | null {
  return column === undefined || column === NULL_COLUMN ? null : checkToken(record, name, column);
}

/** A time as it stands, `YYYY-MM-DD HH:MM:SS`; reader and writer in one, since the text stays. */
export function checkTime(record: string, name: string, time: string | undefined): string {
  if (time === undefined || !isTime(time)) throw new RecordError(record, `${name} is ${shown(time)}, a time YYYY-MM-DD HH:MM:SS is needed`);
  return time;
}

/** The column of a time that may be null. */
export function encodeNullableTime(record: string, name: string, time: string | null): string {
  return time === null ? NULL_COLUMN : checkTime(record, name, time);
}

/** A time, with `\N` as null. */
export function decodeNullableTime(record: string, name: string, column: string | undefined): string | null {
  return column === NULL_COLUMN ? null : checkTime(record, name, column);
}
