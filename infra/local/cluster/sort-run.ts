/** Records of a map task in memory: lines in one growing buffer, and where key and partition of each are. */
import { MOST_RECORDS, sortByKey } from './byte-sort.ts';
import { byteOrder, type KeyOrder } from './key-order.ts';
import type { Partitioner } from './partitioner.ts';
import { endOfKey, type RecordForm } from './record-form.ts';

/** How records are made and put in order. */
export interface ShuffleRules {
  readonly form: RecordForm;
  /** What stands between key and value where the reducer reads them. */
  readonly inputSeparator: Buffer;
  readonly partition: Partitioner;
  readonly reduces: number;
  readonly order: KeyOrder;
}

/** One sorted record: its line (with LF) in a buffer, and how many bytes of it are the key. */
export interface SortedRecord {
  readonly partition: number;
  readonly bytes: Buffer;
  readonly start: number;
  readonly keyLength: number;
  readonly length: number;
}

const LINE_FEED = 0x0a;
const ONE_LINE_FEED = Buffer.from('\n');
/** What Hadoop makes of the missing value of a `keyonlytext` line on its way to a reducer. */
const NO_VALUE = Buffer.from('(null)');
const FIRST_BYTES = 256 * 1024;
/** Room for the last block of lines. */
const SLACK = 1024 * 1024;
const FIRST_RECORDS = 4096;

/** Collects lines until it is full, then gives them back sorted by partition and key. */
export class SortRun {
  readonly #rules: ShuffleRules;
  readonly #usualBytes: number;
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #used = 0;
  #starts = new Uint32Array(FIRST_RECORDS);
  #lengths = new Uint32Array(FIRST_RECORDS);
  #keyLengths = new Uint32Array(FIRST_RECORDS);
  #partitions = new Uint32Array(FIRST_RECORDS);
  #count = 0;

  /** @param usualBytes - how many bytes come before it is emptied, more or less */
  constructor(rules: ShuffleRules, usualBytes: number) {
    this.#rules = rules;
    this.#usualBytes = usualBytes;
  }

  /** Bytes held. */
  get size(): number {
    return this.#used;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether a further block of lines might not fit beside the record numbers of one sort. */
  get full(): boolean {
    return this.#count > MOST_RECORDS / 2;
  }

  /** Empties it; the memory is kept. */
  clear(): void {
    this.#used = 0;
    this.#count = 0;
  }

  /** Takes whole lines; at most a million at once. */
  add(lines: Buffer): void {
    const { form, inputSeparator } = this.#rules;
    const asRead = !form.keyOnly && form.separator.equals(inputSeparator);
    this.#reserve(asRead ? lines.length : 0);
    const base = this.#used;
    if (asRead) {
      lines.copy(this.#bytes, base);
      this.#used += lines.length;
    }
    for (let start = 0; start < lines.length; ) {
      const end = lines.indexOf(LINE_FEED, start);
      const key = endOfKey(form, lines, start, end);
      if (asRead && key >= 0) this.#record(base + start, key - start, end + 1 - start);
      else this.#rebuilt(lines, start, key < 0 ? end : key, key < 0 ? end : key + form.separator.length, end);
      start = end + 1;
    }
  }

  /** Key, separator and value, put together anew. */
  #rebuilt(lines: Buffer, start: number, keyEnd: number, valueStart: number, end: number): void {
    const value = this.#rules.form.keyOnly ? NO_VALUE : lines.subarray(valueStart, end);
    const line = Buffer.concat([lines.subarray(start, keyEnd), this.#rules.inputSeparator, value, ONE_LINE_FEED]);
    this.#reserve(line.length);
    line.copy(this.#bytes, this.#used);
    this.#record(this.#used, keyEnd - start, line.length);
    this.#used += line.length;
  }

  #record(start: number, keyLength: number, length: number): void {
    if (this.#count === this.#starts.length) this.#moreRecords();
    const at = this.#count;
    this.#starts[at] = start;
    this.#keyLengths[at] = keyLength;
    this.#lengths[at] = length;
    this.#partitions[at] = this.#rules.partition(this.#bytes, start, start + keyLength);
    this.#count += 1;
  }

  /** A small job stays small; a larger one gets all its memory at once, since pages that are not touched cost nothing and copies do. */
  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#bytes.length) return;
    const next = this.#bytes.length < this.#usualBytes ? this.#usualBytes + SLACK : this.#bytes.length * 2;
    const larger = Buffer.allocUnsafeSlow(Math.max(next, this.#used + bytes));
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
  }

  #moreRecords(): void {
    const grown = (old: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> => {
      const larger = new Uint32Array(old.length * 2);
      larger.set(old);
      return larger;
    };
    this.#starts = grown(this.#starts);
    this.#lengths = grown(this.#lengths);
    this.#keyLengths = grown(this.#keyLengths);
    this.#partitions = grown(this.#partitions);
  }

  /** Record numbers by partition: `bounds[p]` to before `bounds[p + 1]` of `order`. */
  #byPartition(): { readonly order: Uint32Array<ArrayBuffer>; readonly bounds: Uint32Array<ArrayBuffer> } {
    const bounds = new Uint32Array(this.#rules.reduces + 1);
    for (let at = 0; at < this.#count; at += 1) bounds[(this.#partitions[at] as number) + 1] = (bounds[(this.#partitions[at] as number) + 1] as number) + 1;
    for (let partition = 0; partition < this.#rules.reduces; partition += 1)
      bounds[partition + 1] = (bounds[partition + 1] as number) + (bounds[partition] as number);
    const next = bounds.slice();
    const order = new Uint32Array(this.#count);
    for (let at = 0; at < this.#count; at += 1) {
      const partition = this.#partitions[at] as number;
      order[next[partition] as number] = at;
      next[partition] = (next[partition] as number) + 1;
    }
    return { order, bounds };
  }

  /**
   * Hands over the records by partition, and in it by key, to `take`; where it says true, waits for `flush` before the next.
   * The record given is the same object each time, with new contents.
   */
  async sorted(take: (record: SortedRecord) => boolean, flush: () => Promise<void>): Promise<void> {
    const { order, bounds } = this.#byPartition();
    const record = { partition: 0, bytes: this.#bytes, start: 0, keyLength: 0, length: 0 };
    for (let partition = 0; partition < this.#rules.reduces; partition += 1) {
      const numbers = order.subarray(bounds[partition], bounds[partition + 1]);
      this.#sort(numbers);
      record.partition = partition;
      for (let at = 0; at < numbers.length; at += 1) {
        const number = numbers[at] as number;
        record.start = this.#starts[number] as number;
        record.keyLength = this.#keyLengths[number] as number;
        record.length = this.#lengths[number] as number;
        if (take(record)) await flush();
      }
    }
  }

  #sort(numbers: Uint32Array): void {
    const { order } = this.#rules;
    if (order === byteOrder) {
      sortByKey({ bytes: this.#bytes, starts: this.#starts, lengths: this.#keyLengths }, numbers);
      return;
    }
    const [bytes, starts, lengths] = [this.#bytes, this.#starts, this.#keyLengths];
    numbers.sort((a, b) => {
      const [aStart, bStart] = [starts[a] as number, starts[b] as number];
      return order(bytes, aStart, aStart + (lengths[a] as number), bytes, bStart, bStart + (lengths[b] as number)) || a - b;
    });
  }
}
