/** Merges sorted runs into one stream of lines. */
import { join } from 'node:path';
import type { KeyOrder } from './key-order.ts';
import { RunReader } from './run-reader.ts';
import type { SortedRecord } from './sort-run.ts';
import { type RunPart, RunWriter, type SpilledRun } from './spill-file.ts';

/** Runs that are read at once; more are first merged into fewer. */
const MOST_RUNS = 64;
const CHUNK = 128 * 1024;

/**
 * The lines of all parts in the order of their keys, in chunks that are the reader's to keep.
 *
 * @param scratch - a directory for intermediate runs; this merge's own
 */
export async function* mergeRuns(parts: readonly RunPart[], order: KeyOrder, scratch: string): AsyncGenerator<Buffer, void, void> {
  const merge = await Merge.open(await fewEnough(parts, order, scratch), order);
  try {
    for (let more = true; more; ) {
      const chunk = new Chunk();
      more = await merge.take((record) => chunk.add(record));
      if (chunk.bytes.length > 0) yield chunk.bytes;
    }
  } finally {
    await merge.close();
  }
}

async function fewEnough(parts: readonly RunPart[], order: KeyOrder, scratch: string): Promise<readonly RunPart[]> {
  let left = parts;
  for (let pass = 0; left.length > MOST_RUNS; pass += 1) {
    const merged: RunPart[] = [];
    for (let at = 0; at < left.length; at += MOST_RUNS) {
      const group = left.slice(at, at + MOST_RUNS);
      merged.push(...(await mergeToFile(group, order, join(scratch, `merge-${pass}-${at}`))));
    }
    left = merged;
  }
  return left;
}

async function mergeToFile(parts: readonly RunPart[], order: KeyOrder, path: string): Promise<readonly RunPart[]> {
  const writer = await RunWriter.create(path, 1);
  let run: SpilledRun = [];
  try {
    const merge = await Merge.open(parts, order);
    try {
      while (await merge.take((record) => writer.add(record))) await writer.flush();
    } finally {
      await merge.close();
    }
  } finally {
    run = await writer.finish();
  }
  return run.filter((part) => part !== null);
}

/** Lines, copied into one buffer that ends up between half and wholly full. */
class Chunk {
  #buffer = Buffer.allocUnsafeSlow(CHUNK);
  #used = 0;

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#used);
  }

  /** True when it has enough. */
  add(record: SortedRecord): boolean {
    if (this.#used + record.length > this.#buffer.length) this.#grow(this.#used + record.length);
    record.bytes.copy(this.#buffer, this.#used, record.start, record.start + record.length);
    this.#used += record.length;
    return this.#used > CHUNK / 2;
  }

  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafeSlow(bytes);
    this.#buffer.copy(larger, 0, 0, this.#used);
    this.#buffer = larger;
  }
}

/** Readers in a heap, the one with the least key first; of equal keys the earlier run's. */
class Merge {
  readonly #all: readonly RunReader[];
  readonly #heap: RunReader[];
  readonly #order: KeyOrder;

  private constructor(readers: readonly RunReader[], order: KeyOrder) {
    this.#all = readers;
    this.#heap = [...readers];
    this.#order = order;
    for (let at = (this.#heap.length >> 1) - 1; at >= 0; at -= 1) this.#sink(at);
  }

  static async open(parts: readonly RunPart[], order: KeyOrder): Promise<Merge> {
    const readers = parts.map((part, number) => new RunReader(part, number));
    try {
      for (const reader of readers) await reader.open();
      return new Merge(readers, order);
    } catch (error) {
      await Promise.all(readers.map(async (reader) => await reader.close()));
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map(async (reader) => await reader.close()));
  }

  /** Hands over records in order until `enough` says true; false when there are no more. */
  async take(enough: (record: SortedRecord) => boolean): Promise<boolean> {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      const stop = enough(first);
      if (!first.step() && !(await first.advance())) this.#remove();
      this.#sink(0);
      if (stop) return true;
    }
    return false;
  }

  #remove(): void {
    const last = this.#heap.pop() as RunReader;
    if (this.#heap.length > 0) this.#heap[0] = last;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const reader = heap[from];
    if (reader === undefined) return;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#before(heap[child + 1] as RunReader, heap[child] as RunReader)) child += 1;
      if (!this.#before(heap[child] as RunReader, reader)) break;
      heap[at] = heap[child] as RunReader;
      at = child;
    }
    heap[at] = reader;
  }

  #before(a: RunReader, b: RunReader): boolean {
    const compared = this.#order(a.bytes, a.start, a.start + a.keyLength, b.bytes, b.start, b.start + b.keyLength);
    return compared < 0 || (compared === 0 && a.number < b.number);
  }
}
