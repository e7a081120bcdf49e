/** Reading the columns of a tab-separated line: counts, closed lists, nulls. Each reader names what it refused. */
import { RecordError } from './record-error.ts';
import { NULL_COLUMN } from './text.ts';

/** The columns of a line, at least `least` of them; further ones are kept for later versions of the format. */
export function splitColumns(record: string, line: string, least: number): readonly string[] {
  const columns = line.split('\t');
  if (columns.length < least) throw new RecordError(record, `${columns.length} columns in ${JSON.stringify(line)}, at least ${least} are needed`);
  return columns;
}

/** A whole number of at least zero. */
export function decodeCount(record: string, name: string, column: string | undefined): number {
  const value = Number(column);
  if (column === undefined || !/^\d{1,16}$/.test(column) || !Number.isSafeInteger(value)) {
    throw new RecordError(record, `${name} is ${JSON.stringify(column)}, a whole number of at least 0 is needed`);
  }
  return value;
}

/** As {@link decodeCount}, with `\N` as null. */
export function decodeNullableCount(record: string, name: string, column: string | undefined): number | null {
  return column === NULL_COLUMN ? null : decodeCount(record, name, column);
}

/** A word of a closed list. */
export function decodeWord<T extends string>(record: string, name: string, column: string | undefined, isWord: (text: string) => text is T): T {
  if (column === undefined || !isWord(column)) throw new RecordError(record, `${name} is ${JSON.stringify(column)}, which is not in its list`);
  return column;
}

/** As {@link decodeWord}, with `\N` as null. */
export function decodeNullableWord<T extends string>(record: string, name: string, column: string | undefined, isWord: (text: string) => text is T): T | null {
  return column === NULL_COLUMN ? null : decodeWord(record, name, column, isWord);
}

/** A plain token (ETag, class, upload id) as it stands; refuses what would break the line. */
export function encodeToken(record: string, name: string, token: string | null): string {
  if (token === null) return NULL_COLUMN;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f\\]/.test(token))
    throw new RecordError(record, `${name} is ${JSON.stringify(token)}, which holds a control character or a backslash`);
  return token;
}

/** A token, with `\N` as null. */
export function decodeToken(column: string | undefined): string | null {
  return column === undefined || column === NULL_COLUMN ? null : column;
}

/** A number, with null as `\N`. */
export function encodeNullableCount(count: number | null): string {
  return count === null ? NULL_COLUMN : String(count);
}
