/** What a line of a partition file stands for: a set of texts, so that two lines can be compared without knowing which keys there are. */
import { compareKeys } from './byte-order.ts';
import { successorOfKey, successorOfPrefix } from './successor.ts';

/** The keys that begin with `prefix`, have no `delimiter` behind it, and lie in `startAfter < key <= end`. */
export interface KeySlice {
  /** One character; empty: no keys are left out. */
  readonly delimiter: string;
  readonly prefix: string;
  /** Null: from the prefix's first key. */
  readonly startAfter: string | null;
  /** Null: to the prefix's last. */
  readonly end: string | null;
}

/** The least text behind a slice; null where every later text belongs to it. */
export type TextBehind = string | null;

/** Negative, zero or positive as one end stands before, at or behind another. */
export function compareEnds(a: TextBehind, b: TextBehind): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareKeys(a, b);
}

/** The least text that lies between a slice's bounds. */
export function firstText({ prefix, startAfter }: KeySlice): string {
  const first = startAfter === null ? prefix : successorOfKey(startAfter);
  return compareKeys(first, prefix) < 0 ? prefix : first;
}

/** The least text that lies behind a slice's bounds. */
export function textBehind({ prefix, end }: KeySlice): TextBehind {
  const last = successorOfPrefix(prefix);
  const own = end === null ? null : successorOfKey(end);
  return compareEnds(own, last) < 0 ? own : last;
}

/** Whether a text that lies between the slice's bounds has its delimiter behind the prefix. */
export function isLeftOut({ delimiter, prefix }: KeySlice, text: string): boolean {
  return delimiter !== '' && text.includes(delimiter, prefix.length);
}

/** The least text, not below `text`, that lies between the slice's bounds and is not left out; null where there is none. */
export function nextText(slice: KeySlice, text: string): string | null {
  const { delimiter, prefix } = slice;
  if (compareEnds(text, textBehind(slice)) >= 0) return null;
  if (!isLeftOut(slice, text)) return text;
  const next = successorOfPrefix(text.slice(0, text.indexOf(delimiter, prefix.length) + delimiter.length));
  return next === null ? null : nextText(slice, next);
}
