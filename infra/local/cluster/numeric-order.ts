/** Numbers in text, compared as KeyFieldBasedComparator's `n` does: digits and one point, no exponent, anything else ends the number. */

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

interface Parsed {
  readonly negative: boolean;
  /** Digits before the point, without leading zeros. */
  readonly whole: string;
  /** Digits after the point, without trailing zeros. */
  readonly fraction: string;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function parse(bytes: Buffer, start: number, end: number): Parsed {
  const negative = bytes[start] === MINUS && start < end;
  const from = negative ? start + 1 : start;
  let at = from;
  while (at < end && isDigit(bytes[at])) at += 1;
  const whole = bytes.toString('latin1', from, at).replace(/^0+/, '');
  if (at >= end || bytes[at] !== POINT) return { negative, whole, fraction: '' };
  let to = at + 1;
  while (to < end && isDigit(bytes[to])) to += 1;
  return { negative, whole, fraction: bytes.toString('latin1', at + 1, to).replace(/0+$/, '') };
}

/** Below zero where the first number is the smaller. What holds no digit is zero; minus zero equals zero. */
export function compareNumbers(a: Buffer, aStart: number, aEnd: number, b: Buffer, bStart: number, bEnd: number): number {
  const left = parse(a, aStart, aEnd);
  const right = parse(b, bStart, bEnd);
  const isZero = (number: Parsed): boolean => number.whole === '' && number.fraction === '';
  if (left.negative !== right.negative) {
    if (isZero(left) && isZero(right)) return 0;
    return left.negative ? -1 : 1;
  }
  const size = left.whole.length - right.whole.length || compareText(left.whole, right.whole) || compareText(left.fraction, right.fraction);
  return left.negative ? -size : size;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
