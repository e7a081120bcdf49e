/**
 * Keys from a listing's bytes to a column's bytes without strings, percent-decoded and encoded anew byte by byte (some 2 ns each).
 * A property test compares it with the plain way, `listedText` and `encodeText`.
 */
import type { ScannedListing } from '../s3/listing-scanner.ts';
import { HEX_DIGIT, HEX_VALUE, IS_ENCODED } from './byte-classes.ts';

const PERCENT = 0x25;
const PLUS = 0x2b;
const AMPERSAND = 0x26;
const SPACE = 0x20;
const NO_DIGIT = 255;
/** Bytes that one byte of a listed key may become: `%20` for a space. */
export const MOST_BYTES_A_BYTE = 3;
/** Where this way ends: an entity, what is no percent-encoding, or U+FEFF at the beginning. */
export const NOT_THIS_WAY = -1;

type KeyBytes = Pick<ScannedListing, 'body' | 'isUrlEncoded'>;

/** Writes a byte as `%XX`; returns where it ends. */
function writeEscape(out: Uint8Array, at: number, byte: number): number {
  out[at] = PERCENT;
  out[at + 1] = HEX_DIGIT[byte >> 4] as number;
  out[at + 2] = HEX_DIGIT[byte & 15] as number;
  return at + 3;
}

/** Spaces are encoded at the ends alone, so that it is known only when the key is written. Returns where it ends then. */
function encodeSpacesAtEnds(out: Uint8Array, start: number, end: number): number {
  if (end === start) return end;
  const last = out[end - 1] === SPACE ? writeEscape(out, end - 1, SPACE) : end;
  if (out[start] !== SPACE) return last;
  out.copyWithin(start + MOST_BYTES_A_BYTE, start + 1, last);
  writeEscape(out, start, SPACE);
  return last + MOST_BYTES_A_BYTE - 1;
}

/** The byte that `%XX` at `at` stands for; {@link NOT_THIS_WAY} where it is none. */
function unescaped(body: Uint8Array, at: number, end: number): number {
  if (at + 2 >= end) return NOT_THIS_WAY;
  const high = HEX_VALUE[body[at + 1] as number] as number;
  const low = HEX_VALUE[body[at + 2] as number] as number;
  return high === NO_DIGIT || low === NO_DIGIT ? NOT_THIS_WAY : high * 16 + low;
}

/** Writes the column of a key whose bytes stand in its answer from `from` to `end`; returns where it ends, or {@link NOT_THIS_WAY}. */
export function writeKeyColumn({ body, isUrlEncoded }: KeyBytes, from: number, end: number, out: Uint8Array, start: number): number {
  let at = start;
  for (let i = from; i < end; i += 1) {
    let byte = body[i] as number;
    if (byte === AMPERSAND) return NOT_THIS_WAY;
    if (isUrlEncoded && byte === PLUS) byte = SPACE;
    else if (isUrlEncoded && byte === PERCENT) {
      byte = unescaped(body, i, end);
      if (byte === NOT_THIS_WAY) return NOT_THIS_WAY;
      i += 2;
    }
    if (IS_ENCODED[byte] === 1) at = writeEscape(out, at, byte);
    else out[at++] = byte;
  }
  if (at - start >= 3 && out[start] === 0xef && out[start + 1] === 0xbb && out[start + 2] === 0xbf) return NOT_THIS_WAY;
  return encodeSpacesAtEnds(out, start, at);
}

/**
 * Bytes of its answer that the prefix of a key takes, however the server encodes it; {@link NOT_THIS_WAY} where the key does not begin with
 * it or holds an entity.
 */
export function listedPrefixLength({ body, isUrlEncoded }: KeyBytes, from: number, end: number, prefix: Uint8Array): number {
  let i = from;
  for (const expected of prefix) {
    if (i >= end) return NOT_THIS_WAY;
    const byte = body[i] as number;
    const isEscape = isUrlEncoded && byte === PERCENT;
    const meant = isEscape ? unescaped(body, i, end) : isUrlEncoded && byte === PLUS ? SPACE : byte;
    if (meant !== expected || byte === AMPERSAND) return NOT_THIS_WAY;
    i += isEscape ? 3 : 1;
  }
  return i - from;
}
