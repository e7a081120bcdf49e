/**
 * A store that throttles each prefix, as a process of its own: it counts what it took and refused by caller in slots of time. The first line of its output
 * is its URL; each line of its input is a number of writes that a prefix takes a second, or `samples`, which it answers with a line of JSON.
 */
import { createInterface } from 'node:readline';
import { startStore } from '../../infra/local/s3-store/store.ts';
import { virtualBucket } from '../../infra/local/s3-store/virtual/virtual-bucket.ts';

/** What the store is told, as JSON in its first argument. */
export interface RatesOrder {
  readonly virtual: readonly string[];
  readonly accountId: string;
  /** One for each mapper, so that they can be told apart. */
  readonly keys: readonly { readonly accessKeyId: string; readonly secretAccessKey: string; readonly arn: string }[];
  readonly latencyMilliseconds: number;
  readonly region: string;
}

/** What happened in a slot. */
export interface RateSample {
  /** Milliseconds since the epoch at which the slot begins. */
  readonly at: number;
  /** Writes that were taken, by the caller's ARN. */
  readonly taken: Readonly<Record<string, number>>;
  /** Writes that were refused. */
  readonly refused: number;
}

/** Length of a slot. */
export const SLOT_MILLISECONDS = 250;
/** S3's: reads beside writes. */
const READS_PER_WRITE = 5_500 / 3_500;

/** Counts in slots. */
class Slots {
  readonly all: { readonly at: number; readonly taken: Record<string, number>; refused: number }[] = [];

  add(caller: string, isTaken: boolean): void {
    const at = Math.floor(Date.now() / SLOT_MILLISECONDS) * SLOT_MILLISECONDS;
    if (this.all.at(-1)?.at !== at) this.all.push({ at, taken: {}, refused: 0 });
    const slot = this.all.at(-1) as (typeof this.all)[number];
    if (isTaken) slot.taken[caller] = (slot.taken[caller] ?? 0) + 1;
    else slot.refused += 1;
  }
}

async function serve({ virtual, accountId, keys, latencyMilliseconds, region }: RatesOrder): Promise<void> {
  const slots = new Slots();
  const store = await startStore({
    accounts: [{ id: accountId, keys }],
    region,
    buckets: virtual.map((text) => ({ ...virtualBucket(text), ownerId: accountId })),
    latencyMilliseconds,
    signatures: 'fast',
    accessLogEntries: 0,
    onAccess: ({ operation, caller, errorCode }) => {
      if (operation === 'CopyObject') slots.add(caller ?? '', errorCode === null);
    },
  });
  console.log(store.url);
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'samples') console.log(JSON.stringify(slots.all));
    else store.faults.replace({ rules: [], prefixLimits: { writesPerSecond: Number(line), readsPerSecond: Number(line) * READS_PER_WRITE } });
  }
}

if (import.meta.main) await serve(JSON.parse(process.argv[2] ?? '{}') as RatesOrder);
