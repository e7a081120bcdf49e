/** Compares neighbours of a listing in its own bytes, four at a time, so that a page out of order is found out at hardly any cost. */
import { compareKeys } from '../keyspace/byte-order.ts';
import { listedText } from '../s3/list-objects-v2.ts';
import type { ScannedListing } from '../s3/listing-scanner.ts';
import { HEX_VALUE } from './byte-classes.ts';

const PERCENT = 0x25;
const PLUS = 0x2b;
const AMPERSAND = 0x26;
const SEMICOLON = 0x3b;
/** `&#x10FFFF;` */
const LONGEST_ENTITY = 10;

/** Bytes that two stretches of an answer, which end at `aEnd` and `bEnd`, have in common. */
export function commonBytes(body: Uint8Array, words: DataView, a: number, aEnd: number, b: number, bEnd: number): number {
  const shorter = Math.min(aEnd - a, bEnd - b);
  let at = 0;
  while (at + 4 <= shorter && words.getInt32(a + at) === words.getInt32(b + at)) at += 4;
  while (at < shorter && body[a + at] === body[b + at]) at += 1;
  return at;
}

/** Whether a byte stands for itself, so that bytes compare as what they stand for. */
function isItself(byte: number, isUrlEncoded: boolean): boolean {
  return byte !== AMPERSAND && !(isUrlEncoded && (byte === PERCENT || byte === PLUS));
}

/** Whether a place lies within an entity that began at most {@link LONGEST_ENTITY} bytes before it. */
function isInEntity(body: Uint8Array, start: number, at: number): boolean {
  for (let i = at - 1; i >= start && i >= at - LONGEST_ENTITY; i -= 1) {
    if (body[i] === SEMICOLON) return false;
    if (body[i] === AMPERSAND) return true;
  }
  return false;
}

/**
 * Whether the key at `a` stands before the one at `b`, of which it shares `common` bytes.
 * Where they part behind a `%`, both are digits of the same escape: digits compare as what they stand for.
 */
export function isInOrder(page: ScannedListing, a: number, aEnd: number, b: number, bEnd: number, common: number): boolean {
  const { body, isUrlEncoded } = page;
  if (a + common === aEnd) return b + common < bEnd;
  if (b + common === bEnd) return false;
  const [x, y] = [body[a + common] as number, body[b + common] as number];
  const inEscape = isUrlEncoded && ((common > 0 && body[a + common - 1] === PERCENT) || (common > 1 && body[a + common - 2] === PERCENT));
  if (inEscape && HEX_VALUE[x] !== HEX_VALUE[y]) return (HEX_VALUE[x] as number) < (HEX_VALUE[y] as number);
  if (!inEscape && isItself(x, isUrlEncoded) && isItself(y, isUrlEncoded) && !isInEntity(body, a, a + common)) return x < y;
  return compareKeys(listedText(page, a, aEnd), listedText(page, b, bEnd)) < 0;
}
