/** A map sorted by key in byte order: leaves of at most a thousand keys, so that a million keys can be added in any order and any place be found by two binary searches. */
import type { KeyBytes } from './key-bytes.ts';

const MOST_IN_A_LEAF = 1024;

interface Leaf<V> {
  readonly keys: KeyBytes[];
  readonly values: V[];
}

/** The first index whose key is not below `key`. */
function lowerBound(keys: readonly KeyBytes[], key: KeyBytes): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as KeyBytes) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A map from keys to values that is read in byte order from any key on. */
export class SortedIndex<V> {
  readonly #leaves: Leaf<V>[] = [];
  /** The last key of each leaf. */
  readonly #lasts: KeyBytes[] = [];
  #size = 0;

  /** How many keys there are. */
  get size(): number {
    return this.#size;
  }

  get(key: KeyBytes): V | undefined {
    const leaf = this.#leaves[lowerBound(this.#lasts, key)];
    if (leaf === undefined) return undefined;
    const at = lowerBound(leaf.keys, key);
    return leaf.keys[at] === key ? leaf.values[at] : undefined;
  }

  set(key: KeyBytes, value: V): void {
    const index = Math.min(lowerBound(this.#lasts, key), Math.max(this.#leaves.length - 1, 0));
    const leaf = this.#leaves[index];
    if (leaf === undefined) {
      this.#begin(key, value);
      return;
    }
    const at = lowerBound(leaf.keys, key);
    if (leaf.keys[at] === key) {
      leaf.values[at] = value;
      return;
    }
    leaf.keys.splice(at, 0, key);
    leaf.values.splice(at, 0, value);
    this.#size++;
    if (at === leaf.keys.length - 1) this.#lasts[index] = key;
    if (leaf.keys.length > MOST_IN_A_LEAF) this.#split(index, leaf, at);
  }

  delete(key: KeyBytes): boolean {
    const index = lowerBound(this.#lasts, key);
    const leaf = this.#leaves[index];
    if (leaf === undefined) return false;
    const at = lowerBound(leaf.keys, key);
    if (leaf.keys[at] !== key) return false;
    leaf.keys.splice(at, 1);
    leaf.values.splice(at, 1);
    this.#size--;
    if (leaf.keys.length === 0) {
      this.#leaves.splice(index, 1);
      this.#lasts.splice(index, 1);
    } else this.#lasts[index] = leaf.keys.at(-1) as KeyBytes;
    return true;
  }

  /** Values in byte order of their keys, from the first key not below `from`. What is added or deleted meanwhile may or may not be seen. */
  *from(from: KeyBytes): Generator<V, void, undefined> {
    let index = lowerBound(this.#lasts, from);
    let at = index < this.#leaves.length ? lowerBound((this.#leaves[index] as Leaf<V>).keys, from) : 0;
    for (; index < this.#leaves.length; index++, at = 0) {
      const values = (this.#leaves[index] as Leaf<V>).values;
      for (; at < values.length; at++) yield values[at] as V;
    }
  }

  #begin(key: KeyBytes, value: V): void {
    this.#leaves.push({ keys: [key], values: [value] });
    this.#lasts.push(key);
    this.#size = 1;
  }

  /** Cut in the middle; at the end when keys arrive in order, so that the leaves of a sorted load are full. */
  #split(index: number, leaf: Leaf<V>, inserted: number): void {
    const isAppend = inserted === leaf.keys.length - 1 && index === this.#leaves.length - 1;
    const at = isAppend ? leaf.keys.length - 1 : leaf.keys.length >>> 1;
    const right = { keys: leaf.keys.splice(at), values: leaf.values.splice(at) };
    this.#leaves.splice(index + 1, 0, right);
    this.#lasts[index] = leaf.keys.at(-1) as KeyBytes;
    this.#lasts.splice(index + 1, 0, right.keys.at(-1) as KeyBytes);
  }
}
