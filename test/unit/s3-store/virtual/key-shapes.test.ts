import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOrder } from '../../../../infra/local/s3-store/virtual/key-order.ts';
import { scratchSpace } from '../../../../infra/local/s3-store/virtual/key-shape.ts';
import { prefixedShape } from '../../../../infra/local/s3-store/virtual/prefixed-shape.ts';
import { keyShape, SHAPE_NAMES, type ShapeName } from '../../../../infra/local/s3-store/virtual/shape-names.ts';

/** Every key of a shape, one character a byte. */
function keysOf(name: ShapeName, count: number, prefix = ''): string[] {
  const shape = prefixedShape(keyShape(name, count), prefix);
  const { view, bytes } = scratchSpace(shape.maximumBytes);
  return Array.from({ length: count }, (_, index) => bytes.toString('latin1', 0, shape.write(index, view, 0)));
}

const COUNTS = [1, 2, 63, 1000, 20_011];
const EVERY = SHAPE_NAMES.flatMap((name) => COUNTS.map((count) => ({ name, count })));

describe.each(EVERY)('the shape $name with $count keys', ({ name, count }) => {
  it('has its keys in strictly rising byte order, none longer than it says, all of them UTF-8 that S3 takes', () => {
    const keys = keysOf(name, count);
    const longest = Math.min(keyShape(name, count).maximumBytes, 1024);
    const utf8 = new TextDecoder('utf-8', { fatal: true });
    expect(keys.findIndex((key, at) => at > 0 && key <= (keys[at - 1] as string))).toBe(-1);
    expect(keys.findIndex((key) => key.length > longest)).toBe(-1);
    expect(() => utf8.decode(Buffer.from(keys.join(''), 'latin1'))).not.toThrow();
  });

  it('finds the place of each of its keys, and none for a key beside them', () => {
    const keys = keysOf(name, count);
    const order = keyOrder(keyShape(name, count));
    for (let at = 0; at < keys.length; at += Math.ceil(keys.length / 500)) {
      const key = keys[at] as string;
      expect(order.placeOf(Buffer.from(key, 'latin1'))).toBe(at);
      expect(order.placeOf(Buffer.from(`${key} `, 'latin1'))).toBe(-1);
      expect(order.placeOf(Buffer.from(key.slice(0, -1), 'latin1'))).toBe(-1);
    }
  });
});

describe.each([...SHAPE_NAMES])('places in the order of %s', (name) => {
  const keys = keysOf(name, 3000, 'in/');
  const order = keyOrder(prefixedShape(keyShape(name, 3000), 'in/'));
  const anyBytes = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.tuple(fc.nat(2999), fc.nat(60), fc.string({ unit: 'binary', maxLength: 2 })).map(([at, length, tail]) => (keys[at] as string).slice(0, length) + tail),
  );

  it('count the keys below any string of bytes', () => {
    fc.assert(
      fc.property(anyBytes, (text) => {
        const bytes = Buffer.from(text, 'latin1');
        const latin1 = bytes.toString('latin1');
        expect(order.below(bytes)).toBe(keys.filter((key) => key < latin1).length);
      }),
    );
  });

  it('end a prefix after the last key that begins with it', () => {
    fc.assert(
      fc.property(anyBytes, (text) => {
        const bytes = Buffer.from(text, 'latin1');
        const prefix = bytes.toString('latin1');
        const from = order.below(bytes);
        expect(order.throughPrefix(bytes, from) - from).toBe(keys.filter((key) => key.startsWith(prefix)).length);
      }),
    );
  });
});

describe('key shapes', () => {
  it('place a billion keys exactly', () => {
    for (const name of SHAPE_NAMES) {
      const shape = keyShape(name, 1_000_000_000);
      const order = keyOrder(shape);
      const { view, bytes } = scratchSpace(shape.maximumBytes);
      for (const index of [0, 1, 499_999_999, 777_777_777, 999_999_998, 999_999_999]) {
        const end = shape.write(index, view, 0);
        expect(order.placeOf(bytes.subarray(0, end))).toBe(index);
      }
    }
  });

  it('hold keys whose order in UTF-16 is another than in UTF-8, so that a program that compares strings is found out', () => {
    const texts = keysOf('beyond-ascii', 20_000).map((key) => Buffer.from(key, 'latin1').toString('utf8'));
    expect(texts.toSorted()).not.toEqual(texts);
  });

  it('share 160 bytes where the prefix is long', () => {
    const keys = keysOf('long-prefix', 1000);
    expect(new Set(keys.map((key) => key.slice(0, 160))).size).toBe(1);
  });

  it('fill folders very unequally in zipf', () => {
    const sizes = new Map<string, number>();
    for (const key of keysOf('zipf', 20_000)) sizes.set(key.slice(0, 13), (sizes.get(key.slice(0, 13)) ?? 0) + 1);
    const falling = [...sizes.values()].toSorted((a, b) => b - a);
    expect(falling[0]).toBeGreaterThan(2000);
    expect(falling.length).toBeGreaterThan(900);
  });

  it('hold nearly all keys in seven folders of giants, and ten in every other', () => {
    const sizes = new Map<string, number>();
    for (const key of keysOf('giants', 20_011)) sizes.set(key.slice(0, 13), (sizes.get(key.slice(0, 13)) ?? 0) + 1);
    const falling = [...sizes.values()].toSorted((a, b) => b - a);
    expect(falling.filter((size) => size > 1000)).toHaveLength(7);
    expect(new Set(falling.slice(7))).toEqual(new Set([10]));
  });

  it('hold every number once where none is padded', () => {
    const numbers = keysOf('unpadded', 1000).map((key) => Number(/_(\d+)\.jpg$/.exec(key)?.[1]));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, at) => at + 1));
  });

  it('refuse a count that is no whole number from 1 to two billion', () => {
    for (const count of [0, -1, 1.5, Number.NaN, 2_000_000_001]) expect(() => keyShape('flat', count)).toThrow('whole number from 1');
  });
});
