import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SortedIndex } from '../../../infra/local/s3-store/sorted-index.ts';

const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', '\xff'), maxLength: 4 });

function filled(keys: Iterable<string>): SortedIndex<string> {
  const index = new SortedIndex<string>();
  for (const one of keys) index.set(one, one);
  return index;
}

describe('a sorted index', () => {
  test('holds what a map holds, in order, from any key on', () => {
    const change = fc.record({ key, isDelete: fc.boolean(), value: fc.nat() });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), key, (changes, from) => {
        const index = new SortedIndex<number>();
        const model = new Map<string, number>();
        for (const { key, isDelete, value } of changes) {
          if (isDelete) expect(index.delete(key)).toBe(model.delete(key));
          else {
            index.set(key, value);
            model.set(key, value);
          }
        }
        const expected = [...model].filter(([one]) => one >= from).sort(([a], [b]) => (a < b ? -1 : 1));
        expect([...index.from(from)]).toEqual(expected.map(([, value]) => value));
        expect(index.size).toBe(model.size);
        for (const [one, value] of model) expect(index.get(one)).toBe(value);
      }),
    );
  });

  const numbered = Array.from({ length: 20_000 }, (_, at) => String(at).padStart(8, '0'));

  test.each([
    ['ascending', numbered],
    ['descending', numbered.toReversed()],
    ['scattered', numbered.toSorted((a, b) => (a.slice(4) + a < b.slice(4) + b ? -1 : 1))],
  ])('takes thousands of keys that come %s', (_, keys) => {
    const index = filled(keys);
    expect([...index.from('')]).toEqual(numbered);
    expect([...index.from('00012345x')][0]).toBe('00012346');
  });

  test('is empty again when every key is deleted', () => {
    const index = filled(numbered);
    for (const one of numbered) index.delete(one);
    expect(index.size).toBe(0);
    expect([...index.from('')]).toEqual([]);
    index.set('again', 'again');
    expect([...index.from('')]).toEqual(['again']);
  });
});
