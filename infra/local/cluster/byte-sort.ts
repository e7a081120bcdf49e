/**
 * Sorts keys that lie in one buffer by their unsigned bytes. Four bytes of each key and its number make one float of 53 bits; the engine's
 * native sort of floats orders them, and groups of equal prefixes are sorted again behind what their keys have in common.
 */

/** Numbers of records in one sort stay below this, so that they fit beside 32 bits of a key. */
export const MOST_RECORDS = 2 ** 21;

/** Groups up to this size are sorted by comparing keys. */
const SMALL = 12;

/** Keys as offsets and lengths in one buffer. */
export interface KeyTable {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly lengths: Uint32Array;
}

/** Sorts `order`, numbers of records, by their keys; equal keys by their numbers. */
export function sortByKey(keys: KeyTable, order: Uint32Array): void {
  new ByteSort(keys, order).sort(0, order.length, 0);
}

class ByteSort {
  readonly #keys: KeyTable;
  readonly #order: Uint32Array;
  readonly #composed: Float64Array;

  constructor(keys: KeyTable, order: Uint32Array) {
    this.#keys = keys;
    this.#order = order;
    this.#composed = new Float64Array(order.length);
  }

  /** Sorts `[from, to)`, whose keys agree in their first `depth` bytes. */
  sort(from: number, to: number, depth: number): void {
    const pending = [from, to, depth];
    while (pending.length > 0) {
      const behind = pending.pop() as number;
      const end = pending.pop() as number;
      const start = pending.pop() as number;
      if (end - start <= SMALL) this.#insert(start, end, behind);
      else this.#split(start, end, this.#commonPrefix(start, end, behind), pending);
    }
  }

  /** How many bytes all keys of the group have in common, at least `depth`. */
  #commonPrefix(from: number, to: number, depth: number): number {
    const { bytes, starts, lengths } = this.#keys;
    const first = this.#order[from] as number;
    const firstStart = starts[first] as number;
    let common = lengths[first] as number;
    for (let at = from + 1; at < to && common > depth; at += 1) {
      const record = this.#order[at] as number;
      const start = starts[record] as number;
      const most = Math.min(common, lengths[record] as number);
      let same = depth;
      while (same < most && bytes[start + same] === bytes[firstStart + same]) same += 1;
      common = same;
    }
    return common;
  }

  /** Sorts by the four bytes after `depth`, and leaves the groups of equal ones as pending work. */
  #split(from: number, to: number, depth: number, pending: number[]): void {
    const composed = this.#composed.subarray(from, to);
    for (let at = from; at < to; at += 1) composed[at - from] = this.#prefix(this.#order[at] as number, depth) * MOST_RECORDS + (this.#order[at] as number);
    composed.sort();
    let groupStart = from;
    let groupPrefix = -1;
    for (let at = from; at < to; at += 1) {
      const value = composed[at - from] as number;
      const prefix = Math.floor(value / MOST_RECORDS);
      this.#order[at] = value - prefix * MOST_RECORDS;
      if (prefix === groupPrefix) continue;
      if (at - groupStart > 1) this.#ended(groupStart, at, depth + 4, pending);
      groupStart = at;
      groupPrefix = prefix;
    }
    if (to - groupStart > 1) this.#ended(groupStart, to, depth + 4, pending);
  }

  /** Four bytes of a key as a number; zeros where it has ended. */
  #prefix(record: number, depth: number): number {
    const { bytes, starts, lengths } = this.#keys;
    const at = (starts[record] as number) + depth;
    const left = (lengths[record] as number) - depth;
    if (left >= 4)
      return (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0;
    let prefix = 0;
    for (let byte = 0; byte < 4; byte += 1) prefix = prefix * 256 + (byte < left ? (bytes[at + byte] as number) : 0);
    return prefix;
  }

  /** Keys that ended within the four bytes come first, the shorter before the longer (`a` and `a` with NUL look alike); the rest goes on. */
  #ended(from: number, to: number, depth: number, pending: number[]): void {
    const { lengths } = this.#keys;
    const group = this.#order.subarray(from, to);
    let open = 0;
    const ended: number[] = [];
    for (const record of group) if ((lengths[record] as number) <= depth) ended.push(record);
    if (ended.length === 0) {
      pending.push(from, to, depth);
      return;
    }
    const rest = group.filter((record) => (lengths[record] as number) > depth);
    ended.sort((a, b) => (lengths[a] as number) - (lengths[b] as number) || a - b);
    for (const record of ended) group[open++] = record;
    group.set(rest, open);
    if (rest.length > 1) pending.push(from + open, to, depth);
  }

  #insert(from: number, to: number, depth: number): void {
    const order = this.#order;
    for (let at = from + 1; at < to; at += 1) {
      const record = order[at] as number;
      let place = at;
      while (place > from && this.#compare(order[place - 1] as number, record, depth) > 0) {
        order[place] = order[place - 1] as number;
        place -= 1;
      }
      order[place] = record;
    }
  }

  #compare(a: number, b: number, depth: number): number {
    const { bytes, starts, lengths } = this.#keys;
    const [aStart, bStart] = [starts[a] as number, starts[b] as number];
    const shorter = Math.min(lengths[a] as number, lengths[b] as number);
    for (let at = depth; at < shorter; at += 1) {
      const difference = (bytes[aStart + at] as number) - (bytes[bStart + at] as number);
      if (difference !== 0) return difference;
    }
    return (lengths[a] as number) - (lengths[b] as number) || a - b;
  }
}
