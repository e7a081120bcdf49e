/** What comes next in the order of keys: behind one key, and behind all keys with one prefix. */

/** The last code point of Unicode. No script uses it, so a prefix with it behind stands after all keys that begin with the prefix. */
export const LAST_CODE_POINT = '\u{10ffff}';

/** The key right behind `key`: nothing fits between them. */
export function successorOfKey(key: string): string {
  return `${key}\0`;
}

/**
 * A bound behind the keys that begin with `prefix`: `start-after` it, none of them comes, and a range that ends at it has the whole
 * prefix in common with it. Keys that go on with U+10FFFF itself lie behind the bound; they belong to the range that starts there.
 */
export function boundBehindPrefix(prefix: string): string {
  return prefix + LAST_CODE_POINT;
}

/** The next code point, over the surrogates, which have no UTF-8; null behind the last. */
function nextCodePoint(codePoint: number): number | null {
  if (codePoint === 0x10ffff) return null;
  return codePoint === 0xd7ff ? 0xe000 : codePoint + 1;
}

/** The least text that stands behind every text that begins with `prefix`; null where there is none (an empty prefix, or U+10FFFF alone). */
export function successorOfPrefix(prefix: string): string | null {
  const codePoints = Array.from(prefix, (character) => character.codePointAt(0) as number);
  for (let last = codePoints.pop(); last !== undefined; last = codePoints.pop()) {
    const next = nextCodePoint(last);
    if (next !== null) return String.fromCodePoint(...codePoints, next);
  }
  return null;
}
