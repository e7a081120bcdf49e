/** Work on many items at once: bounded, unordered, batches in and batches out, with back-pressure on both sides. */
import { setMaxListeners } from 'node:events';

/** How {@link mapConcurrently} works. */
export interface ConcurrentOptions {
  /** Items under way at once, at least 1. Work that answers without a promise is not counted. */
  readonly concurrency: number;
  /** Ends everything; its reason is what the map throws. */
  readonly signal: AbortSignal;
  /** Results handed over at once at most. Default 256. */
  readonly batchSize?: number;
  /** How long a result waits for others, so that a slow trickle is not one batch a result. Never delays other work. Default 5. */
  readonly lingerMilliseconds?: number;
}

/**
 * What is done with one item: any number of results, at once or by promise. A lazy iterable is drained as results are asked for.
 * A rejection ends the whole map: what may fail with one object must come back as a result. `signal` is aborted when the map ends early.
 */
export type ConcurrentWork<In, Out> = (item: In, signal: AbortSignal) => Iterable<Out> | Promise<Iterable<Out>>;

/**
 * Applies `work` to every item, `concurrency` at once, and hands results over in the order in which they are ready.
 *
 * Back-pressure: nothing more is started or read while a batch of results waits for its reader. On an error (of the work, of the input, an
 * abort, or a reader that stops) nothing new is started, the work's signal is aborted, and the map ends only when all work has ended.
 */
export async function* mapConcurrently<In, Out>(
  input: AsyncIterable<readonly In[]>,
  work: ConcurrentWork<In, Out>,
  options: ConcurrentOptions,
): AsyncGenerator<readonly Out[], void, void> {
  const map = new ConcurrentMap(input, work, options);
  try {
    for (;;) {
      const batch = await map.nextBatch();
      if (batch === null) return;
      yield batch;
    }
  } finally {
    await map.close();
  }
}

class ConcurrentMap<In, Out> {
  readonly #input: AsyncIterator<readonly In[]>;
  readonly #work: ConcurrentWork<In, Out>;
  readonly #concurrency: number;
  readonly #batchSize: number;
  readonly #linger: number;
  readonly #outer: AbortSignal;
  readonly #inner = new AbortController();
  readonly #onAbort = (): void => this.#fail(this.#outer.reason);
  #batch: readonly In[] = [];
  #at = 0;
  #reading = false;
  #ended = false;
  #active = 0;
  /** Results that wait: finished items, the first of them perhaps drained in part. */
  #ready: Iterable<Out>[] = [];
  #draining: Iterator<Out> | null = null;
  #failure: { readonly error: unknown } | null = null;
  #lingered = false;
  #timer: NodeJS.Timeout | null = null;
  #wake: (() => void) | null = null;

  constructor(input: AsyncIterable<readonly In[]>, work: ConcurrentWork<In, Out>, options: ConcurrentOptions) {
    this.#input = input[Symbol.asyncIterator]();
    this.#work = work;
    this.#concurrency = options.concurrency;
    this.#batchSize = options.batchSize ?? 256;
    this.#linger = options.lingerMilliseconds ?? 5;
    this.#outer = options.signal;
    setMaxListeners(0, this.#inner.signal);
    if (this.#outer.aborted) this.#onAbort();
    else this.#outer.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** The next results, or null when there are no more. */
  async nextBatch(): Promise<readonly Out[] | null> {
    for (;;) {
      this.#pump();
      if (this.#failure !== null) throw this.#failure.error;
      if (this.#mayHandOver()) {
        const batch = this.#drain();
        if (batch.length > 0) return batch;
        if (this.#isDone()) return null;
        continue;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Ends all that is under way, and waits for it. */
  async close(): Promise<void> {
    this.#outer.removeEventListener('abort', this.#onAbort);
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#isDone()) return;
    this.#draining?.return?.();
    this.#fail(new DOMException('the reader of the results stopped', 'AbortError'));
    while (this.#active > 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const closed = Promise.resolve(this.#ended ? undefined : this.#input.return?.()).catch(() => undefined);
    if (!this.#reading) await closed; // a read that hangs must not hold up the end
  }

  #isDone(): boolean {
    return (
      this.#ended && this.#failure === null && this.#active === 0 && this.#at === this.#batch.length && this.#ready.length === 0 && this.#draining === null
    );
  }

  #mayHandOver(): boolean {
    if (this.#draining !== null || this.#ready.length >= this.#batchSize || this.#isDone()) return true;
    const nothingElse = this.#active === 0 && this.#ended && this.#at === this.#batch.length;
    return this.#ready.length > 0 && (this.#lingered || nothingElse);
  }

  #pump(): void {
    while (this.#failure === null && this.#active < this.#concurrency && this.#ready.length < this.#batchSize) {
      if (this.#at === this.#batch.length) {
        this.#read();
        return;
      }
      this.#start(this.#batch[this.#at++] as In);
    }
  }

  #start(item: In): void {
    try {
      const results = this.#work(item, this.#inner.signal);
      if (!(results instanceof Promise)) {
        this.#ready.push(results);
        return;
      }
      this.#active += 1;
      results.then(this.#onFinished, this.#onRejected);
    } catch (error) {
      this.#fail(error);
    }
  }

  readonly #onFinished = (results: Iterable<Out>): void => {
    this.#active -= 1;
    this.#ready.push(results);
    this.#pump();
    this.#notify();
  };

  readonly #onRejected = (error: unknown): void => {
    this.#active -= 1;
    this.#fail(error);
  };

  #read(): void {
    if (this.#ended || this.#reading) return;
    this.#reading = true;
    this.#input.next().then(
      (result) => {
        this.#reading = false;
        this.#at = 0;
        this.#batch = result.done === true ? [] : result.value;
        this.#ended = result.done === true;
        this.#pump();
        this.#notify();
      },
      (error) => {
        this.#reading = false;
        this.#ended = true;
        this.#fail(error);
      },
    );
  }

  #fail(error: unknown): void {
    if (this.#failure === null) {
      this.#failure = { error };
      this.#inner.abort(error);
    }
    this.#wakeUp();
  }

  #notify(): void {
    if (this.#failure !== null || this.#mayHandOver()) this.#wakeUp();
    else if (this.#ready.length > 0 && this.#timer === null) this.#timer = setTimeout(this.#onLingered, this.#linger);
  }

  readonly #onLingered = (): void => {
    this.#timer = null;
    this.#lingered = true;
    this.#wakeUp();
  };

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  #drain(): readonly Out[] {
    const batch: Out[] = [];
    let taken = 0;
    while (batch.length < this.#batchSize) {
      if (this.#draining === null) {
        if (taken === this.#ready.length) break;
        this.#draining = (this.#ready[taken++] as Iterable<Out>)[Symbol.iterator]();
      }
      const next = this.#draining.next();
      if (next.done === true) this.#draining = null;
      else batch.push(next.value);
    }
    this.#ready.splice(0, taken);
    this.#lingered = false;
    return batch;
  }
}
