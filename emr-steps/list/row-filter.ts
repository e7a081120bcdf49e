/** Which rows of a listing stay: judged on the line's bytes, so that a row that is left out costs no string but where patterns ask for its key. */
import { hasPatterns, KeyMatcher, type Patterns } from '../keyspace/pattern/key-matcher.ts';
import { decodeText } from '../records/text.ts';
import { encodeTime } from '../records/time.ts';

/** What a row must be to stay. Nothing is asked for by what is empty or null. */
export interface ListFilter {
  /** The relative key matches one of them. */
  readonly include: Patterns;
  /** It matches none of them. */
  readonly exclude: Patterns;
  /** Bytes, both included. */
  readonly minSize: number | null;
  readonly maxSize: number | null;
  /** Modified at that second or later. */
  readonly modifiedAfter: Date | null;
  /** Modified before that second. */
  readonly modifiedBefore: Date | null;
  /** Classes of which it has one; empty: any. An object whose class the server does not say is STANDARD. */
  readonly classes: readonly string[];
  /** Classes of which it has none. */
  readonly exceptClasses: readonly string[];
}

const TAB = 9;
const ZERO = 48;
const NULL_COLUMN = '\\N';
const ASSUMED_CLASS = 'STANDARD';

/** Whether the filter asks for nothing, so that every row stays. */
export function isOpen(filter: ListFilter): boolean {
  const limits = [filter.minSize, filter.maxSize, filter.modifiedAfter, filter.modifiedBefore];
  return (
    !hasPatterns(filter.include) &&
    !hasPatterns(filter.exclude) &&
    limits.every((limit) => limit === null) &&
    filter.classes.length + filter.exceptClasses.length === 0
  );
}

function matcherOf(patterns: Patterns): KeyMatcher | null {
  return hasPatterns(patterns) ? new KeyMatcher(patterns) : null;
}

/** Judges rows, and counts those that it leaves out. */
export class RowFilter {
  /** Rows that were left out, and their bytes. */
  leftOut = 0;
  leftOutBytes = 0;
  readonly #include: KeyMatcher | null;
  readonly #exclude: KeyMatcher | null;
  readonly #size: readonly [least: number, most: number];
  readonly #since: string | null;
  readonly #before: string | null;
  readonly #classes: ReadonlySet<string> | null;
  readonly #exceptClasses: ReadonlySet<string>;

  /** @throws PatternError */
  constructor(filter: ListFilter) {
    this.#include = matcherOf(filter.include);
    this.#exclude = matcherOf(filter.exclude);
    this.#size = [filter.minSize ?? 0, filter.maxSize ?? Number.POSITIVE_INFINITY];
    this.#since = filter.modifiedAfter === null ? null : encodeTime(filter.modifiedAfter);
    this.#before = filter.modifiedBefore === null ? null : encodeTime(filter.modifiedBefore);
    this.#classes = filter.classes.length === 0 ? null : new Set(filter.classes);
    this.#exceptClasses = new Set(filter.exceptClasses);
  }

  /** Whether the line of an ObjectRecord from `start` to `end` stays. */
  keeps(bytes: Buffer, start: number, end: number): boolean {
    const keyEnd = bytes.indexOf(TAB, start);
    const sizeStart = bytes.indexOf(TAB, keyEnd + 1) + 1;
    const sizeEnd = bytes.indexOf(TAB, sizeStart);
    const size = numberAt(bytes, sizeStart, sizeEnd);
    const stays = size >= this.#size[0] && size <= this.#size[1] && this.#keepsByColumns(bytes, sizeEnd + 1, end) && this.#keepsByKey(bytes, start, keyEnd);
    if (stays) return true;
    this.leftOut += 1;
    this.leftOutBytes += size;
    return false;
  }

  /** A time that nobody knows leaves nothing out. */
  #keepsByColumns(bytes: Buffer, start: number, end: number): boolean {
    if (this.#since === null && this.#before === null && this.#classes === null && this.#exceptClasses.size === 0) return true;
    const timeEnd = bytes.indexOf(TAB, start);
    const classEnd = bytes.indexOf(TAB, timeEnd + 1);
    const time = bytes.toString('latin1', start, timeEnd);
    if (time !== NULL_COLUMN && ((this.#since !== null && time < this.#since) || (this.#before !== null && time >= this.#before))) return false;
    const listed = bytes.toString('latin1', timeEnd + 1, classEnd < 0 ? end : classEnd);
    const storageClass = listed === NULL_COLUMN ? ASSUMED_CLASS : listed;
    return (this.#classes === null || this.#classes.has(storageClass)) && !this.#exceptClasses.has(storageClass);
  }

  #keepsByKey(bytes: Buffer, start: number, keyEnd: number): boolean {
    if (this.#include === null && this.#exclude === null) return true;
    const key = decodeText(bytes.toString('utf8', start, keyEnd));
    return (this.#include === null || this.#include.matches(key)) && !(this.#exclude?.matches(key) ?? false);
  }
}

function numberAt(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 10 + (bytes[at] as number) - ZERO;
  return value;
}
