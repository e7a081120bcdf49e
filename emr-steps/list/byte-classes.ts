/** What each byte of a listing needs on its way into a column. Tables, because a million keys are fifty million bytes. */

const PERCENT = 0x25;
const PLUS = 0x2b;
const AMPERSAND = 0x26;
const LESS = 0x3c;
const SPACE = 0x20;
const BACKSLASH = 0x5c;
const DELETE = 0x7f;

function tableOf(classOf: (byte: number) => number | boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => Number(classOf(byte)));
}

/** Bytes that a column holds percent-encoded wherever they stand (see records/text.ts; a space is encoded at the ends alone). */
export const IS_ENCODED = tableOf((byte) => byte < SPACE || byte === DELETE || byte === PERCENT || byte === BACKSLASH);

/** Bytes of a listed key. 0: goes into the column as it is; 1: may stand for another one, or must be encoded; 2: the plain way must decide. */
export const KEY_BYTE = tableOf((byte) => (byte === AMPERSAND || byte === LESS ? 2 : IS_ENCODED[byte] === 1 || byte === PLUS));

/** Bytes that a token (ETag, class, algorithm) may not hold in a column, or that need decoding. */
export const IS_SPECIAL_IN_TOKEN = tableOf((byte) => byte < SPACE || byte === DELETE || byte === BACKSLASH || byte === AMPERSAND || byte === LESS);

/** The four bytes of a word go into a column as they are. */
export function areInToken(word: number): boolean {
  return (
    IS_SPECIAL_IN_TOKEN[word & 255] === 0 &&
    IS_SPECIAL_IN_TOKEN[(word >> 8) & 255] === 0 &&
    IS_SPECIAL_IN_TOKEN[(word >> 16) & 255] === 0 &&
    IS_SPECIAL_IN_TOKEN[word >>> 24] === 0
  );
}

const HIGH_HALVES = 0xf0f0f0f0 | 0;

/**
 * Whether the four bytes of a word are hexadecimal digits in lower case (or a backtick), as nearly all of an ETag is: the same as
 * {@link areInToken} for them, with all four looked at in one go. Digits are 0x30 and up, letters 0x60 and up; a byte that is beyond its last one
 * is carried into the high half.
 */
export function areHexadecimal(word: number): boolean {
  const letters = (word >>> 6) & 0x01010101;
  const high = 0x30303030 + (letters << 4) + (letters << 5);
  return (word & HIGH_HALVES) === high && ((word + 0x06060606 + 3 * letters) & HIGH_HALVES) === high;
}

/** Value of a hexadecimal digit; 255 for any other byte. */
export const HEX_VALUE = tableOf((byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(value) ? 255 : value;
});

/** Upper-case hexadecimal digit of 0 to 15. */
export const HEX_DIGIT = Uint8Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0));
