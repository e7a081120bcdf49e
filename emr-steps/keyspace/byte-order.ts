/** The order in which S3 lists: UTF-8 bytes. JavaScript compares UTF-16 units, which puts U+10000 and above before U+E000 to U+FFFF. */

/** Surrogates stand for U+10000 and above: ranked behind the units E000 to FFFF, unit order becomes code point order, which is UTF-8's. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Negative, zero or positive as `a` stands before, at or after `b` in UTF-8 byte order. Both must be valid Unicode. */
export function compareKeys(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** UTF-16 units that both texts begin with, never ending inside of a code point. */
export function commonPrefixLength(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return at > 0 && isHighSurrogate(a.charCodeAt(at - 1)) ? at - 1 : at;
}

/** The longest text that both begin with, cut at a code point. */
export function commonPrefix(a: string, b: string): string {
  return a.slice(0, commonPrefixLength(a, b));
}
