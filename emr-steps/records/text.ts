/**
 * How keys and other text stand in a column: percent-encoded (upper-case hex) for exactly the bytes 00 to 1F and 7F, a space at
 * either end, `%`, `\`, and U+FEFF where it begins the text; everything else is its UTF-8. One text has one encoding, so that joins
 * on the column are exact in Hive, Athena and DuckDB, and no byte appears that Hadoop or Hive takes for a line or column end.
 * U+FEFF at the beginning of a file is a byte order mark to Hadoop's TextInputFormat, Hive and DuckDB, and they drop it (tried on Hadoop
 * 3.4.2 and DuckDB 1.5.6): the first key of a file would become another one.
 */
import { RecordError } from './record-error.ts';

/** How null stands in a column (Hive's default). A backslash never stands in encoded text, so no text looks like it. */
export const NULL_COLUMN = '\\N';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not stand in a column
const MUST_ENCODE = /[\u0000-\u001f\u007f%\\]|^[ \ufeff]| $/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const EVERY_ENCODED = /[\u0000-\u001f\u007f%\\]|^[ \ufeff]| $/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const CONTROL = /[\u0000-\u001f\u007f]/;
const BYTE_ORDER_MARK = '\ufeff';
const ENCODED_MARK = '%EF%BB%BF';
const ESCAPE = /%EF%BB%BF|%([0-9A-Fa-f]{2})?/g;

function percent(character: string): string {
  if (character === BYTE_ORDER_MARK) return ENCODED_MARK;
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/**
 * The column form of a text.
 *
 * @throws RecordError where the text is no valid Unicode (a lone surrogate has no UTF-8)
 */
export function encodeText(text: string): string {
  if (!text.isWellFormed()) throw new RecordError('text', `${JSON.stringify(text)} holds a lone surrogate; only valid Unicode has UTF-8`);
  return MUST_ENCODE.test(text) ? text.replace(EVERY_ENCODED, percent) : text;
}

/**
 * The text of a column.
 *
 * @throws RecordError where the column is not exactly what {@link encodeText} writes, because two forms of one key do not join
 */
export function decodeText(column: string): string {
  if (!MUST_ENCODE.test(column)) return column;
  const text = decodeEscapes(column);
  if (encodeText(text) !== column)
    throw new RecordError('text', `${JSON.stringify(column)} is not the one encoding of its text, which is ${JSON.stringify(encodeText(text))}`);
  return text;
}

/**
 * The text of a hand-written partition line's column: any `%XX` of an ASCII character is taken for it.
 *
 * @throws RecordError where `%` is not followed by two hexadecimal digits below 80, or a control character stands as itself (the CR of
 * a file from Windows would become part of a prefix that no key has)
 */
export function decodeLooseText(value: string): string {
  const control = CONTROL.exec(value)?.[0];
  if (control !== undefined) throw new RecordError('text', `${JSON.stringify(value)} holds a control character; write it as ${percent(control)}`);
  return value.includes('%') ? decodeEscapes(value) : value;
}

function decodeEscapes(value: string): string {
  return value.replace(ESCAPE, (sequence, hex?: string) => {
    if (sequence === ENCODED_MARK) return BYTE_ORDER_MARK;
    const byte = hex === undefined ? 256 : Number.parseInt(hex, 16);
    if (byte > 0x7f)
      throw new RecordError(
        'text',
        `${JSON.stringify(sequence)} in ${JSON.stringify(value)} is no escape; write a percent sign as %25 and other characters as themselves`,
      );
    return String.fromCharCode(byte);
  });
}

/** As {@link encodeText}, with null as `\N`. */
export function encodeNullableText(text: string | null): string {
  return text === null ? NULL_COLUMN : encodeText(text);
}

/** Characters of a detail that are kept; the rest of a longer one is cut off. */
export const DETAIL_CHARACTERS = 1000;

/**
 * A detail: what a service or a program said, in its words. Other than a key it never stops the row: lone surrogates become U+FFFD,
 * and what is longer than {@link DETAIL_CHARACTERS} is cut.
 */
export function encodeDetail(detail: string | null): string {
  return detail === null ? NULL_COLUMN : encodeText(detail.slice(0, DETAIL_CHARACTERS).toWellFormed());
}

/** As {@link decodeText}, with `\N` as null. */
export function decodeNullableText(column: string): string | null {
  return column === NULL_COLUMN ? null : decodeText(column);
}
