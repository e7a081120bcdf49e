/** The drift of a copy in a column (see books/drift.ts), `\N` where nothing was copied or an older version wrote the row. */
import { type Drift, isDrift } from '../books/drift.ts';
import { RecordError } from './record-error.ts';
import { NULL_COLUMN } from './text.ts';

/** The last one that was found right: nearly every row has the same. */
let known = '';

function checked(record: string, drift: string): Drift {
  if (drift === known) return known;
  if (!isDrift(drift)) throw new RecordError(record, `drift is ${JSON.stringify(drift)}; letters k, n, c, l and u are needed`);
  known = drift;
  return drift;
}

/** The column. */
export function encodeDrift(record: string, drift: Drift | null): string {
  return drift === null ? NULL_COLUMN : checked(record, drift);
}

/** The drift of a column; null for `\N` and for a column that is not there. */
export function decodeDrift(record: string, column: string | undefined): Drift | null {
  return column === undefined || column === NULL_COLUMN ? null : checked(record, column);
}
