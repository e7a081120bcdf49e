/** Rows of results, gathered by object. */
import type { CopyResult } from '../records/copy-result.ts';
import { addRow, emptyObject, hasAllRows, type ObjectRows, partsHeld } from './upload-rows.ts';

/** Parts that may wait for the rest of their objects: about 100 MB. */
export const HELD_PARTS = 500_000;

/**
 * The objects of the rows. An object leaves when its last row is followed by another key's; where parts of it are missing then, it
 * waits for them until the end, because in a shell's pipe nothing sorts what copy-objects writes in the order in which it is done. On Hadoop
 * the rows are sorted, and only what is truly incomplete waits. Beyond `heldParts` the longest waiting leave as they are.
 */
export async function* collectObjects(
  input: AsyncIterable<readonly CopyResult[]>,
  heldParts: number = HELD_PARTS,
): AsyncGenerator<readonly ObjectRows[], void, void> {
  const waiting = new WaitingObjects(heldParts);
  let current = null as ObjectRows | null;
  for await (const rows of input) {
    const ready: ObjectRows[] = [];
    for (const row of rows) {
      if (current?.key !== row.key) {
        if (current !== null) waiting.close(current, ready);
        current = waiting.take(row.key) ?? emptyObject(row.key);
      }
      addRow(current, row);
    }
    if (ready.length > 0) yield ready;
  }
  const last: ObjectRows[] = [];
  if (current !== null) waiting.close(current, last);
  yield [...last, ...waiting.rest()];
}

class WaitingObjects {
  readonly #heldParts: number;
  /** In the order in which they began to wait. */
  readonly #objects = new Map<string, ObjectRows>();
  #parts = 0;

  constructor(heldParts: number) {
    this.#heldParts = heldParts;
  }

  /** The object of a key, if it waits; it waits no longer. */
  take(key: string): ObjectRows | undefined {
    const object = this.#objects.get(key);
    if (object === undefined) return undefined;
    this.#objects.delete(key);
    this.#parts -= partsHeld(object);
    return object;
  }

  /** Another key's row came: the object is ready, or waits. */
  close(object: ObjectRows, ready: ObjectRows[]): void {
    if (hasAllRows(object)) {
      ready.push(object);
      return;
    }
    this.#objects.set(object.key, object);
    this.#parts += partsHeld(object);
    for (const key of this.#objects.keys()) {
      if (this.#parts <= this.#heldParts) break;
      ready.push(this.take(key) as ObjectRows);
    }
  }

  /** What is left at the end. */
  rest(): Iterable<ObjectRows> {
    return this.#objects.values();
  }
}
