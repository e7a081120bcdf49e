/** What reconcile counted: one line an outcome and reason, of one reducer. The lines of all reducers add up. */
import type { OutcomeCount } from '../books/books.ts';
import { isOutcome } from '../books/outcomes.ts';
import { isReasonCode } from '../books/reasons.ts';
import { decodeCount, decodeNullableWord, decodeWord, splitColumns } from './columns.ts';
import type { RecordCodec } from './record-codec.ts';
import { NULL_COLUMN } from './text.ts';

const RECORD = 'OutcomeCount';

function isCounted(text: string): text is OutcomeCount['outcome'] {
  return isOutcome(text) || text === 'unlisted' || text === 'duplicate';
}

function encode(count: OutcomeCount): string {
  return [count.outcome, count.reason ?? NULL_COLUMN, String(count.objects), String(count.bytes)].join('\t');
}

function decode(line: string): OutcomeCount {
  const columns = splitColumns(RECORD, line, 4);
  return {
    outcome: decodeWord(RECORD, 'outcome', columns[0], isCounted),
    reason: decodeNullableWord(RECORD, 'reason', columns[1], isReasonCode),
    objects: decodeCount(RECORD, 'objects', columns[2]),
    bytes: decodeCount(RECORD, 'bytes', columns[3]),
  };
}

/** The lines of {@link OutcomeCount}: `outcome reason objects bytes`. */
export const outcomeCount: RecordCodec<OutcomeCount> = { record: RECORD, encode, decode };
