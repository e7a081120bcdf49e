/** Rows of results, gathered by object. */
import type { CopyResult } from '../records/copy-result.ts';
import { addRow, emptyObject, type ObjectRows } from './upload-rows.ts';

/** The objects of rows that are sorted by key; those of one object may stand in several batches. */
export async function* collectObjects(input: AsyncIterable<readonly CopyResult[]>): AsyncGenerator<readonly ObjectRows[], void, void> {
  let current = null as ObjectRows | null;
  for await (const rows of input) {
    const complete: ObjectRows[] = [];
    for (const row of rows) {
      if (current?.key !== row.key) {
        if (current !== null) complete.push(current);
        current = emptyObject(row.key);
      }
      addRow(current, row);
    }
    if (complete.length > 0) yield complete;
  }
  if (current !== null) yield [current];
}
