/** What a shape of keys is: a rule that writes the key at any place of the order, so that a billion keys need no storage. */
import type { KeyForm } from './key-form.ts';

/** Keys in strictly rising UTF-8 byte order. */
export interface KeyShape {
  /** How many keys there are. */
  readonly count: number;
  /** The form in which keys are written; order and limits are those of the form `bytes`. */
  readonly form: KeyForm;
  /** No key is longer in this form. */
  readonly maximumBytes: number;
  /** Writes the key at place `index` (0 first) into `into` from `at`; returns where it ends, and may touch eight bytes more. */
  readonly write: (index: number, into: DataView, at: number) => number;
}

/** Makes a shape of exactly `count` keys, 1 to {@link MAXIMUM_COUNT}. */
export type ShapeFactory = (count: number, form: KeyForm) => KeyShape;

/** The most keys of a virtual bucket: indices stay 31-bit integers, which keeps their arithmetic cheap. */
export const MAXIMUM_COUNT = 2_000_000_000;

/** Space for one key or entry, to write into and to read from. */
export interface Scratch {
  readonly view: DataView;
  readonly bytes: Buffer;
}

/** Space of this many bytes, and a little more that writers may touch. */
export function scratchSpace(bytes: number): Scratch {
  const memory = new ArrayBuffer(bytes + 16);
  return { view: new DataView(memory), bytes: Buffer.from(memory) };
}
