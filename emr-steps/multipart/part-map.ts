/** Where the parts of a multipart object begin and end. */
import { MAX_PARTS } from './limits.ts';

/** The parts of one object, in order. Made only by the functions of this file: the sizes add up, and only the last part may be empty. */
export interface PartMap {
  /** Bytes of the object. */
  readonly size: number;
  /** Bytes of each part. */
  readonly sizes: readonly number[];
}

/** A map, or why what is known cannot be one. */
export type PartMapAnswer = { readonly kind: 'map'; readonly map: PartMap } | { readonly kind: 'contradiction'; readonly why: string };

/** One part: its number, 1 first, and its bytes. */
export interface PartRange {
  readonly partNumber: number;
  /**
   * First and last byte, both inclusive. Null: the part is the whole object (a one-part object, or an empty one). An empty last part
   * of an object that is not empty has its last byte before its first.
   */
  readonly range: { readonly firstByte: number; readonly lastByte: number } | null;
}

function contradiction(why: string): PartMapAnswer {
  return { kind: 'contradiction', why };
}

/**
 * The map of an object whose parts are all of one size but the last, which is not larger.
 *
 * @param size - bytes of the object
 * @param firstPartSize - bytes of part 1
 * @param count - parts of the object
 * @returns a contradiction where `count` parts of that size do not leave a last part of 1 to `firstPartSize` bytes
 */
export function uniformPartMap(size: number, firstPartSize: number, count: number): PartMapAnswer {
  if (!Number.isInteger(count) || count < 1 || count > MAX_PARTS) return contradiction(`${count} parts, 1 to ${MAX_PARTS} are possible`);
  if (count === 1) {
    if (firstPartSize !== size) return contradiction(`the only part has ${firstPartSize} of ${size} bytes`);
    return { kind: 'map', map: { size, sizes: [size] } };
  }
  const last = size - (count - 1) * firstPartSize;
  if (firstPartSize < 1 || last < 1 || last > firstPartSize)
    return contradiction(`${count} parts of ${firstPartSize} bytes would leave a last part of ${last} of ${size} bytes`);
  const sizes = new Array<number>(count).fill(firstPartSize);
  sizes[count - 1] = last;
  return { kind: 'map', map: { size, sizes } };
}

/**
 * The map of an object whose parts were read one by one.
 *
 * @param size - bytes of the object
 * @param sizes - bytes of the parts in order
 * @returns a contradiction where they do not add up, or where a part before the last is empty
 */
export function listedPartMap(size: number, sizes: readonly number[]): PartMapAnswer {
  if (sizes.length < 1 || sizes.length > MAX_PARTS) return contradiction(`${sizes.length} parts, 1 to ${MAX_PARTS} are possible`);
  const sum = sizes.reduce((total, part) => total + part, 0);
  if (sum !== size) return contradiction(`the ${sizes.length} parts hold ${sum} bytes, the object ${size}`);
  const empty = sizes.findIndex((part, n) => part < 1 && n < sizes.length - 1);
  if (empty !== -1 && size > 0) return contradiction(`part ${empty + 1} of ${sizes.length} has ${sizes[empty]} bytes; only the last may be empty`);
  return { kind: 'map', map: { size, sizes } };
}

/** The parts of a map with their ranges, one after another. */
export function* partRanges(map: PartMap): Generator<PartRange, void, void> {
  let firstByte = 0;
  for (const [index, size] of map.sizes.entries()) {
    const range = size === map.size ? null : { firstByte, lastByte: firstByte + size - 1 };
    yield { partNumber: index + 1, range };
    firstByte += size;
  }
}

/** Bytes of a part by its range, of an object of `objectSize` bytes. */
export function rangeSize(range: PartRange['range'], objectSize: number): number {
  return range === null ? objectSize : range.lastByte - range.firstByte + 1;
}
