/** Finds bounds of even partitions by asking which keys come next: many questions at once, within limits of number and time. */
import type { KeyPage, KeyProbe } from '../../emr-steps/keyspace/key-page.ts';
import { type CellProbe, SamplePlan } from '../../emr-steps/keyspace/sample-plan.ts';
import { type SampleAim, sampleAim } from './partition-count.ts';

/** Asks one question; `read` is called once, with an answer that is good only until it returns. */
export type AskForKeys = (probe: KeyProbe, read: (page: KeyPage) => void, signal: AbortSignal) => Promise<void>;

/** What is to be sampled, and how hard. */
export interface SampleOrder {
  readonly ask: AskForKeys;
  /** What every key begins with. */
  readonly prefix: string;
  /** Partitions; undefined: by the number of keys. */
  readonly parts: number | undefined;
  readonly slots: number;
  /** Questions under way at once. */
  readonly concurrency: number;
  /** No question begins later. */
  readonly milliseconds: number;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

/** What was found. */
export interface KeySample {
  /** Whole keys or bounds, rising; each ends one partition and begins the next. */
  readonly bounds: readonly string[];
  /** Keys, guessed. */
  readonly keys: number;
  readonly requests: number;
}

/** Samples. @throws what `ask` throws; the other questions are given up */
export async function sampleKeys(order: SampleOrder): Promise<KeySample> {
  const sampling = new Sampling(order);
  await sampling.run();
  return sampling.found();
}

class Sampling {
  readonly #order: SampleOrder;
  readonly #plan: SamplePlan;
  readonly #until: number;
  readonly #given = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  #requests = 0;

  constructor(order: SampleOrder) {
    this.#order = order;
    this.#plan = new SamplePlan(order.prefix);
    this.#until = order.now() + order.milliseconds;
  }

  async run(): Promise<void> {
    try {
      for (;;) {
        while (this.#underWay.size < this.#order.concurrency && this.#start());
        if (this.#underWay.size === 0) return;
        await Promise.race(this.#underWay);
      }
    } finally {
      this.#given.abort();
      await Promise.allSettled(this.#underWay);
    }
  }

  found(): KeySample {
    const { total } = this.#plan;
    const { parts } = this.#aim;
    return { bounds: parts === 1 ? [] : this.#plan.bounds(parts), keys: Math.round(total), requests: this.#requests };
  }

  get #aim(): SampleAim {
    return sampleAim(this.#plan.total, this.#order.parts, this.#order.slots);
  }

  /** Begins a question. @returns whether there was one */
  #start(): boolean {
    const { share, least, requests } = this.#aim;
    if (this.#requests >= requests || (this.#requests > 0 && this.#order.now() >= this.#until)) return false;
    const probe = this.#plan.next(share, least);
    if (probe === null) return false;
    this.#requests += 1;
    const asked = this.#ask(probe).finally(() => this.#underWay.delete(asked));
    this.#underWay.add(asked);
    return true;
  }

  async #ask(probe: CellProbe): Promise<void> {
    await this.#order.ask(probe, (page) => this.#plan.settle(probe, page), this.#given.signal);
  }
}
