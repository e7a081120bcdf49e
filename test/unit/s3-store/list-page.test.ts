import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PageQuery, readPage } from '../../../infra/local/s3-store/list-page.ts';
import { SortedIndex } from '../../../infra/local/s3-store/sorted-index.ts';

interface Item {
  readonly key: string;
}

function indexOf(keys: readonly string[]): SortedIndex<Item> {
  const index = new SortedIndex<Item>();
  for (const key of keys) index.set(key, { key });
  return index;
}

function page(keys: readonly string[], query: Partial<PageQuery>) {
  const index = indexOf(keys);
  const { items, ...rest } = readPage((from) => index.from(from), { prefix: '', delimiter: '', after: '', maxKeys: 1000, ...query });
  return { keys: items.map(({ key }) => key), ...rest };
}

/** What a listing should hold, said plainly. */
function expected(keys: readonly string[], prefix: string, delimiter: string): readonly string[] {
  const rows = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      return at < 0 ? key : `[${key.slice(0, at + delimiter.length)}]`;
    });
  return [...new Set(rows)].sort();
}

function allPages(keys: readonly string[], prefix: string, delimiter: string, maxKeys: number): readonly string[] {
  const rows: string[] = [];
  let after = '';
  for (let isTruncated = true; isTruncated; ) {
    const found = page(keys, { prefix, delimiter, maxKeys, after });
    expect(found.keys.length + found.commonPrefixes.length).toBeLessThanOrEqual(maxKeys);
    rows.push(...found.keys, ...found.commonPrefixes.map((common) => `[${common}]`));
    after = found.last;
    isTruncated = found.isTruncated;
  }
  return rows;
}

describe('pages of a listing', () => {
  const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', '-', '\xff'), minLength: 1, maxLength: 6 });

  test('hold every key once, whatever prefix, delimiter and size', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 40 }),
        fc.constantFrom('', 'a', 'a/', '\xff', 'ab'),
        fc.constantFrom('', '/', '-', '//', 'a'),
        fc.integer({ min: 1, max: 7 }),
        (keys, prefix, delimiter, maxKeys) => {
          expect([...allPages(keys, prefix, delimiter, maxKeys)].sort()).toEqual(expected(keys, prefix, delimiter));
        },
      ),
    );
  });

  const KEYS = ['a', 'a/1', 'a/2', 'b', 'b//', 'c/'];

  test('begin behind a key that is not there', () => {
    expect(page(KEYS, { after: 'a/1x' }).keys).toEqual(['a/2', 'b', 'b//', 'c/']);
  });

  test('begin at the prefix when the start lies before it', () => {
    expect(page(KEYS, { prefix: 'b', after: 'a' }).keys).toEqual(['b', 'b//']);
    expect(page(KEYS, { prefix: 'a', after: 'b' }).keys).toEqual([]);
  });

  test('a common prefix as the start skips all that is under it, a key within does not', () => {
    expect(page(KEYS, { delimiter: '/', after: 'a/' })).toMatchObject({ keys: ['b'], commonPrefixes: ['b/', 'c/'] });
    expect(page(KEYS, { delimiter: '/', after: 'a/1' })).toMatchObject({ keys: ['b'], commonPrefixes: ['a/', 'b/', 'c/'] });
  });

  test('a full last page is not truncated', () => {
    expect(page(KEYS, { maxKeys: 6 }).isTruncated).toBe(false);
    expect(page(KEYS, { maxKeys: 5 })).toMatchObject({ isTruncated: true, last: 'b//' });
    expect(page(KEYS, { delimiter: '/', maxKeys: 3 })).toMatchObject({ isTruncated: true, keys: ['a', 'b'], commonPrefixes: ['a/'], last: 'b' });
  });

  test('no keys asked for is an empty page that ends', () => {
    expect(page(KEYS, { maxKeys: 0 })).toEqual({ keys: [], commonPrefixes: [], isTruncated: false, last: '' });
  });
});
