/** How many parts are held in memory at once: an upload of 10,000 parts takes 2 MB, and dozens are completed at a time. */
import { Budget, type GiveBack } from '../hadoop/budget.ts';
import type { ObjectRows } from './upload-rows.ts';

/** Parts of all uploads that are being completed. */
const PARTS_AT_ONCE = 100_000;

/** An object whose parts are paid for until it is settled. */
export interface PaidObject {
  readonly object: ObjectRows;
  /** Null: it has no parts. */
  readonly giveBack: GiveBack | null;
}

function partsOf(object: ObjectRows): number {
  return object.uploads.reduce((sum, upload) => sum + upload.copied.size + upload.lost.size, 0);
}

/** The same objects; one whose parts do not fit beside those under way waits, with everything after it, and what came before it goes first. */
export async function* paidObjects(
  objects: AsyncIterable<readonly ObjectRows[]>,
  signal: AbortSignal,
  partsAtOnce = PARTS_AT_ONCE,
): AsyncGenerator<readonly PaidObject[], void, void> {
  const budget = new Budget(partsAtOnce);
  for await (const batch of objects) {
    let paid: PaidObject[] = [];
    for (const object of batch) {
      const parts = partsOf(object);
      if (parts > budget.free && paid.length > 0) {
        yield paid;
        paid = [];
      }
      paid.push({ object, giveBack: parts === 0 ? null : await budget.take(parts, signal) });
    }
    yield paid;
  }
}
