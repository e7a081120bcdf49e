/** What reconcile counted of the drift: lines among those of the outcomes, told apart by their first column. The lines of all reducers add up. */
import type { OutcomeCount } from '../books/books.ts';
import { type DriftCount, isAspect, isCountedFate } from '../books/drift.ts';
import { decodeCount, decodeTotal, encodeCount, encodeTotal, splitColumns } from './columns.ts';
import { outcomeCount } from './outcome-count.ts';
import type { RecordCodec } from './record-codec.ts';
import { RecordError } from './record-error.ts';

const RECORD = 'DriftCount';
const WORD = 'drift';

function encode({ aspect, fate, objects, bytes }: DriftCount): string {
  return [WORD, `${aspect}=${fate}`, encodeCount(RECORD, 'objects', objects), encodeTotal(RECORD, 'bytes', bytes)].join('\t');
}

function decode(line: string): DriftCount {
  const columns = splitColumns(RECORD, line, 4);
  const [aspect = '', fate = ''] = (columns[1] as string).split('=');
  if (columns[0] !== WORD || !isAspect(aspect) || !isCountedFate(fate))
    throw new RecordError(RECORD, `${columns[0]} ${columns[1]} is no count of the drift, such as drift acl=lost`);
  return { aspect, fate, objects: decodeCount(RECORD, 'objects', columns[2]), bytes: decodeTotal(RECORD, 'bytes', columns[3]) };
}

/** The lines of {@link DriftCount}: `drift aspect=fate objects bytes`. */
export const driftCount: RecordCodec<DriftCount> = { record: RECORD, encode, decode };

/** The two kinds of lines that reconcile writes. */
export interface SettledCounts {
  readonly outcomes: readonly OutcomeCount[];
  readonly drift: readonly DriftCount[];
}

/** Tells the lines of reconcile's output apart. @throws RecordError */
export function settledCounts(lines: readonly string[]): SettledCounts {
  const isDrift = (line: string): boolean => line.startsWith(`${WORD}\t`);
  return {
    outcomes: lines.filter((line) => !isDrift(line)).map(outcomeCount.decode),
    drift: lines.filter(isDrift).map(driftCount.decode),
  };
}
