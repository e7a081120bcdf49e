/** The diff's one line of counts: each verdict with its objects and bytes, so that nothing is inferred. */
import type { Tally } from '../books/books.ts';
import { decodeCount, decodeTotal, encodeCount, encodeTotal, splitColumns } from './columns.ts';
import type { RecordCodec } from './record-codec.ts';

/** Sizes are the source's, of `extra` the destination's. */
export interface DiffCounts {
  /** Only in the source. */
  readonly missing: Tally;
  /** On both sides, another ETag or size. */
  readonly different: Tally;
  /** On both sides and equal. */
  readonly unchanged: Tally;
  /** Only at the destination; zero where extras were not asked for. */
  readonly extra: Tally;
  /** Rows without a key; above zero a listing is damaged. */
  readonly invalid: number;
}

const RECORD = 'DiffCounts';

function encode(counts: DiffCounts): string {
  const tally = (name: 'missing' | 'different' | 'unchanged' | 'extra'): readonly string[] => [
    encodeCount(RECORD, `${name} objects`, counts[name].objects),
    encodeTotal(RECORD, `${name} bytes`, counts[name].bytes),
  ];
  const tallies = [...tally('missing'), ...tally('different'), ...tally('unchanged'), ...tally('extra')];
  return [...tallies, encodeCount(RECORD, 'invalid', counts.invalid)].join('\t');
}

function decode(line: string): DiffCounts {
  const columns = splitColumns(RECORD, line, 9);
  const tally = (at: number, name: string): Tally => ({
    objects: decodeCount(RECORD, `${name} objects`, columns[at]),
    bytes: decodeTotal(RECORD, `${name} bytes`, columns[at + 1]),
  });
  return {
    missing: tally(0, 'missing'),
    different: tally(2, 'different'),
    unchanged: tally(4, 'unchanged'),
    extra: tally(6, 'extra'),
    invalid: decodeCount(RECORD, 'invalid', columns[8]),
  };
}

/** The line of {@link DiffCounts}: objects and bytes of missing, different, unchanged and extra, then invalid. */
export const diffCounts: RecordCodec<DiffCounts> = { record: RECORD, encode, decode };
