/** What each byte of a listing needs on its way into a column. Tables, because a million keys are fifty million bytes. */

const PERCENT = 0x25;
const PLUS = 0x2b;
const AMPERSAND = 0x26;
const SPACE = 0x20;
const BACKSLASH = 0x5c;
const DELETE = 0x7f;
/** First byte of U+FEFF, which is encoded where it begins a key. */
const MARK = 0xef;

function tableOf(holds: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (holds(byte) ? 1 : 0));
}

/** Bytes that a column holds percent-encoded wherever they stand (see records/text.ts; a space is encoded at the ends alone). */
export const IS_ENCODED = tableOf((byte) => byte < SPACE || byte === DELETE || byte === PERCENT || byte === BACKSLASH);

/** Bytes of a percent-encoded key that cannot go into the column as they are, or not everywhere. */
export const IS_SPECIAL_IN_URL = tableOf((byte) => IS_ENCODED[byte] === 1 || byte === PLUS || byte === AMPERSAND || byte === SPACE || byte === MARK);

/** The same for a key that is escaped for XML alone. */
export const IS_SPECIAL_IN_XML = tableOf((byte) => IS_ENCODED[byte] === 1 || byte === AMPERSAND || byte === SPACE || byte === MARK);

/** Bytes that a token (ETag, class, algorithm) may not hold in a column, or that need decoding. */
export const IS_SPECIAL_IN_TOKEN = tableOf((byte) => byte < SPACE || byte === DELETE || byte === BACKSLASH || byte === AMPERSAND || byte === 0x3c);

/** Value of a hexadecimal digit; 255 for any other byte. */
export const HEX_VALUE = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(value) ? 255 : value;
});

/** Upper-case hexadecimal digit of 0 to 15. */
export const HEX_DIGIT = Uint8Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0));
