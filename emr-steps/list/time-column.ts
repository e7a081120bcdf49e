/** `2015-12-24T05:26:19.000Z`, as S3 writes times, becomes `2015-12-24 05:26:19`: checked and written four bytes at a time. */

const LENGTH = 24;
const KEPT_LENGTH = 19;
const LETTER_T = 0x54;
const SPACE = 0x20;
const LETTER_Z = 0x5a;
/** Four bytes of the form, with a digit wherever a digit must be. */
interface WordForm {
  /** All bits of a byte that is given, the high half of a digit. */
  readonly mask: number;
  readonly expected: number;
  /** Carries a digit above 9 into the high half. */
  readonly carry: number;
}

function wordOf(bytes: readonly number[]): number {
  return Buffer.from(bytes).readInt32LE(0);
}

function formOf(text: string): WordForm {
  const characters = [...text];
  return {
    mask: wordOf(characters.map((character) => (character === '0' ? 0xf0 : 0xff))),
    expected: wordOf(characters.map((character) => character.charCodeAt(0))),
    carry: wordOf(characters.map((character) => (character === '0' ? 0x06 : 0))),
  };
}

/** `YYYY`, `-MM-`, `DDTh`, `h:mm`, `:ss.`. */
const YEAR = formOf('0000');
const MONTH = formOf('-00-');
const DAY = formOf('00T0');
const MINUTE = formOf('0:00');
const SECOND = formOf(':00.');

/** Bits that are not as they must be. */
function faultsOf(value: number, { mask, expected, carry }: WordForm): number {
  return ((value & mask) ^ expected) | (((value + carry) & mask) ^ expected);
}

/** Turns the T, the third byte of its word, into a space. */
const T_TO_SPACE = (LETTER_T ^ SPACE) << 16;

/**
 * Writes the time that stands in `source` from `start` to `end`; touches a byte more than it writes.
 *
 * @returns where it ends; null where it has another form
 */
export function writeTime(source: DataView, start: number, end: number, out: DataView, at: number): number | null {
  if (end - start !== LENGTH || source.getUint8(end - 1) !== LETTER_Z) return null;
  const year = source.getInt32(start, true);
  const month = source.getInt32(start + 4, true);
  const day = source.getInt32(start + 8, true);
  const minute = source.getInt32(start + 12, true);
  const second = source.getInt32(start + 16, true);
  const faults = faultsOf(year, YEAR) | faultsOf(month, MONTH) | faultsOf(day, DAY) | faultsOf(minute, MINUTE) | faultsOf(second, SECOND);
  if (faults !== 0) return null;
  out.setInt32(at, year, true);
  out.setInt32(at + 4, month, true);
  out.setInt32(at + 8, day ^ T_TO_SPACE, true);
  out.setInt32(at + 12, minute, true);
  out.setInt32(at + 16, second, true);
  return at + KEPT_LENGTH;
}
