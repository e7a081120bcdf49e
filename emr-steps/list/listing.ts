/** One run of the list program: partitions are read, pages are asked for, blocks are handed out; each waits for the next. */
import type { Progress } from '../hadoop/progress.ts';
import type { StepContext } from '../hadoop/step-context.ts';
import { isEmptyRange } from '../keyspace/key-range.ts';
import type { Partition } from '../records/partition.ts';
import { listObjectsV2 } from '../s3/list-objects-v2.ts';
import { ListingScanner, type ScannedListing } from '../s3/listing-scanner.ts';
import { BlockQueue } from './block-queue.ts';
import { LineBlocks } from './line-blocks.ts';
import type { ListOptions } from './list-objects.ts';
import { ListingOrderError } from './listing-order-error.ts';
import { keyOf, PageReader } from './page-reader.ts';
import { type PageRequest, RangePlan } from './range-plan.ts';
import { RowWriter } from './row-writer.ts';

/** What the filter left out so far. */
interface LeftOut {
  readonly rows: number;
  readonly bytes: number;
}

/** A listing under way. */
export class Listing {
  readonly #options: ListOptions;
  readonly #context: StepContext;
  readonly #progress: Progress;
  readonly #input: AsyncIterator<readonly Partition[]>;
  readonly #abort = new AbortController();
  readonly #plan: RangePlan;
  readonly #queue = new BlockQueue(() => this.#pump());
  readonly #blocks = new LineBlocks((block) => this.#queue.push(block));
  readonly #pages: PageReader;
  readonly #scanner = new ListingScanner();
  readonly #onAbort = (): void => this.#fail(this.#context.signal.reason);
  #underWay = 0;
  #isReading = false;
  #isInputRead = false;
  #isOver = false;
  #idle: (() => void) | null = null;

  constructor(options: ListOptions, input: AsyncIterable<readonly Partition[]>, context: StepContext, progress: Progress) {
    const { bucket } = options.client;
    this.#options = options;
    this.#context = context;
    this.#progress = progress;
    this.#input = input[Symbol.asyncIterator]();
    this.#plan = new RangePlan(options.concurrency);
    const fault = (page: ScannedListing, entry: number): Error => new ListingOrderError(bucket, keyOf(page, entry - 1), keyOf(page, entry));
    this.#pages = new PageReader(bucket, new RowWriter(this.#blocks, options.prefix, fault, options.filter ?? null));
    if (context.signal.aborted) this.#onAbort();
    else context.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** The next block of lines, the caller's own; null behind the last. */
  take(): Promise<Uint8Array | null> {
    this.#pump();
    return this.#queue.take();
  }

  /** Ends what is under way, and waits for it. */
  async close(): Promise<void> {
    this.#context.signal.removeEventListener('abort', this.#onAbort);
    this.#fail(new DOMException('the reader of the listing stopped', 'AbortError'));
    while (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    const closed = Promise.resolve(this.#isInputRead ? undefined : this.#input.return?.()).catch(() => undefined);
    if (!this.#isReading) await closed; // a read that hangs must not hold up the end
  }

  /** Asks for pages while there is room for them. Partitions that wait in the input come before splits. */
  #pump(): void {
    while (!this.#isOver && this.#underWay < this.#options.concurrency && !this.#queue.isFull) {
      if (this.#plan.waiting === 0 && !this.#isInputRead) {
        this.#readInput();
        if (this.#isReading && this.#plan.open === 0) return;
      }
      const request = this.#plan.next();
      if (request === null) break;
      this.#start(request);
    }
    if (this.#isInputRead && this.#plan.open === 0) this.#finish();
  }

  #readInput(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#input.next().then(
      (batch) => {
        this.#isReading = false;
        if (batch.done === true) this.#isInputRead = true;
        else for (const partition of batch.value) this.#open(partition);
        this.#pump();
      },
      (error) => {
        this.#isReading = false;
        this.#isInputRead = true;
        this.#fail(error);
      },
    );
  }

  #open(partition: Partition): void {
    const { prefix } = this.#options;
    if (isEmptyRange(partition)) return;
    const whole = (bound: string | null): string | null => (bound === null ? null : prefix + bound);
    this.#plan.add({ prefix: prefix + partition.prefix, delimiter: partition.delimiter }, whole(partition.startAfter), whole(partition.end));
  }

  #start(request: PageRequest): void {
    this.#underWay += 1;
    const { prefix, delimiter, startAfter, token, maxKeys } = request;
    const input = { prefix, delimiter, startAfter, continuationToken: token, maxKeys, restoreStatus: this.#options.restoreStatus };
    listObjectsV2(this.#options.client, input, this.#scanner, (page) => this.#takeIn(request, page), this.#abort.signal).then(
      () => this.#ended(),
      (error: unknown) => {
        this.#fail(error);
        this.#ended();
      },
    );
  }

  #takeIn(request: PageRequest, page: ScannedListing): void {
    if (this.#isOver) return;
    const before = this.#leftOut();
    const result = this.#pages.read(page, request);
    this.#plan.settle(request, result);
    this.#countRows(result.kept, before);
    this.#progress.add(result.kept, 0);
    if (this.#queue.isHungry) this.#blocks.flush();
  }

  #leftOut(): LeftOut {
    const { filter } = this.#options;
    return { rows: filter?.leftOut ?? 0, bytes: filter?.leftOutBytes ?? 0 };
  }

  /** What the filter left out is no part of the listing. */
  #countRows(kept: number, before: LeftOut): void {
    const { statistics } = this.#context;
    const after = this.#leftOut();
    statistics.recordsOut(kept - (after.rows - before.rows));
    if (after.rows === before.rows) return;
    statistics.count('filtered', after.rows - before.rows);
    statistics.count('filtered-bytes', after.bytes - before.bytes);
  }

  #ended(): void {
    this.#underWay -= 1;
    this.#pump();
    if (this.#underWay === 0) this.#idle?.();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      this.#blocks.flush();
      this.#queue.finish();
    } catch (error) {
      this.#queue.fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!this.#isOver) this.#queue.fail(error);
    this.#isOver = true;
    this.#abort.abort(error);
  }
}
