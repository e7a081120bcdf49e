/** One page of a listing: prefix, delimiter, start and size over anything that can be scanned in byte order. */
import { afterPrefix, justAfter, type KeyBytes } from './key-bytes.ts';

/** What is asked for. */
export interface PageQuery {
  /** '' for all. */
  readonly prefix: KeyBytes;
  /** '' for none; any number of bytes. */
  readonly delimiter: KeyBytes;
  /** Only what comes after it; '' for the beginning. A common prefix means everything under it. */
  readonly after: KeyBytes;
  /** Items and common prefixes together. */
  readonly maxKeys: number;
}

/** What was found. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly commonPrefixes: readonly KeyBytes[];
  readonly isTruncated: boolean;
  /** The last key or common prefix of the page, with which `after` goes on; '' on an empty page. */
  readonly last: KeyBytes;
}

function commonPrefix(key: KeyBytes, { prefix, delimiter }: PageQuery): KeyBytes | null {
  if (delimiter === '') return null;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? null : key.slice(0, at + delimiter.length);
}

/** The first key that a page may hold; null for none, because nothing can come after. */
export function firstKey(query: PageQuery): KeyBytes | null {
  const { after, prefix } = query;
  if (after === '' || after < prefix) return prefix;
  return after.startsWith(prefix) && commonPrefix(after, query) === after ? afterPrefix(after) : justAfter(after);
}

/**
 * Reads one page. It asks `scan` for everything from some key on, and jumps over each common prefix by scanning anew behind it.
 * @param scan - items in byte order of their keys from the first key not below the one given.
 */
export function readPage<T extends { readonly key: KeyBytes }>(scan: (from: KeyBytes) => Iterable<T>, query: PageQuery): Page<T> {
  const items: T[] = [];
  const commonPrefixes: KeyBytes[] = [];
  const { prefix, maxKeys } = query;
  let last = '';
  let isTruncated = false;
  let from = maxKeys > 0 ? firstKey(query) : null;
  while (from !== null && !isTruncated) {
    let next: KeyBytes | null = null;
    for (const item of scan(from)) {
      const { key } = item;
      if (!key.startsWith(prefix)) break;
      if (items.length + commonPrefixes.length === maxKeys) {
        isTruncated = true;
        break;
      }
      const common = commonPrefix(key, query);
      last = common ?? key;
      if (common === null) items.push(item);
      else {
        commonPrefixes.push(common);
        next = afterPrefix(common);
        break;
      }
    }
    from = next;
  }
  return { items, commonPrefixes, isTruncated, last };
}
