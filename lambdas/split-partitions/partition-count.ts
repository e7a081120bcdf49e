/** How many partitions a listing is worth, and how many questions may be asked to find them. */

/** Keys that are worth a task of their own: it lists them in about the time in which Hadoop starts it. */
const KEYS_PER_PARTITION = 250_000;
/** Partitions for each task that runs at a time: more even out unequal ones, each costs a start. */
const PARTITIONS_PER_SLOT = 4;
/** Requests of the whole sampling at most. */
const MOST_REQUESTS = 20_000;
const REQUESTS_PER_PARTITION = 40;
/** What is asked whatever the keys seem to be, since the first guesses are the worst; where there are few, the questions end by themselves. */
const LEAST_REQUESTS = 500;
/** The listing itself is a request for each thousand keys; sampling may cost one for so many of them. */
const PAGES_PER_REQUEST = 4;
/** Cells that may hide this part of a partition are looked into. */
const PART_OF_PARTITION = 4;
/** Cells are cut at least as finely as into so many, where the key space is large enough: one folder in so many may be a giant. */
const FINEST = 2_000;
const KEYS_OF_A_FINEST = 20_000;
/** What it takes to find and weigh one of these: a billion keys need that many whether they are wanted in twelve parts or in hundreds. */
const REQUESTS_PER_FINEST = 10;
/** Keys below which no cell is cut; where the number of partitions follows from the keys, a share of all keys too, so that their number is known well. */
const SMALLEST_CELL = 250;
const PART_OF_ALL = 16;

/** What is known while sampling goes on. */
export interface SampleAim {
  /** Partitions. */
  readonly parts: number;
  /** Share of all keys that a cell may hide. */
  readonly share: number;
  /** Keys that a cell may hide. */
  readonly least: number;
  /** Requests that may be spent. */
  readonly requests: number;
}

/** Partitions for so many keys, where the request does not say: at least one. @param slots - tasks that run at a time */
export function partitionsFor(keys: number, slots: number): number {
  return Math.max(1, Math.min(Math.floor(keys / KEYS_PER_PARTITION), slots * PARTITIONS_PER_SLOT));
}

/**
 * What to aim at.
 *
 * @param total - keys, guessed
 * @param asked - partitions that the request asks for; undefined: by the keys and the slots
 * @param slots - tasks that run at a time
 */
export function sampleAim(total: number, asked: number | undefined, slots: number): SampleAim {
  const parts = asked ?? partitionsFor(total, slots);
  const finest = Math.max(1, Math.min(FINEST, total / KEYS_OF_A_FINEST));
  const needed = Math.max(REQUESTS_PER_PARTITION * parts, REQUESTS_PER_FINEST * finest);
  const byPages = total / 1_000 / PAGES_PER_REQUEST;
  return {
    parts,
    share: Math.min(1 / (PART_OF_PARTITION * parts), 1 / finest),
    least: asked === undefined ? Math.max(SMALLEST_CELL, Math.min(KEYS_PER_PARTITION / PART_OF_PARTITION, total / PART_OF_ALL)) : SMALLEST_CELL,
    requests: parts === 1 ? LEAST_REQUESTS : Math.min(MOST_REQUESTS, Math.max(LEAST_REQUESTS, Math.min(needed, byPages))),
  };
}
