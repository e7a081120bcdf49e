/** What reconcile counted: one line an outcome and reason, of one reducer. The lines of all reducers add up. */
import type { OutcomeCount } from '../books/books.ts';
import { isOutcome } from '../books/outcomes.ts';
import { isReasonCode } from '../books/reasons.ts';
import { decodeCount, decodeNullableWord, decodeTotal, decodeWord, encodeCount, encodeTotal, splitColumns } from './columns.ts';
import type { RecordCodec } from './record-codec.ts';
import { RecordError } from './record-error.ts';
import { NULL_COLUMN } from './text.ts';

const RECORD = 'OutcomeCount';

function isCounted(text: string): text is OutcomeCount['outcome'] {
  return isOutcome(text) || text === 'unlisted' || text === 'duplicate';
}

/** Refuses a reason where none belongs, and its absence where one does. @returns the same count */
function checked(count: OutcomeCount): OutcomeCount {
  const explained = count.outcome === 'skipped' || count.outcome === 'failed';
  if ((count.reason !== null) !== explained) throw new RecordError(RECORD, `outcome ${count.outcome} does not go with reason ${count.reason ?? NULL_COLUMN}`);
  return count;
}

function encode(count: OutcomeCount): string {
  checked(count);
  return [count.outcome, count.reason ?? NULL_COLUMN, encodeCount(RECORD, 'objects', count.objects), encodeTotal(RECORD, 'bytes', count.bytes)].join('\t');
}

function decode(line: string): OutcomeCount {
  const columns = splitColumns(RECORD, line, 4);
  return checked({
    outcome: decodeWord(RECORD, 'outcome', columns[0], isCounted),
    reason: decodeNullableWord(RECORD, 'reason', columns[1], isReasonCode),
    objects: decodeCount(RECORD, 'objects', columns[2]),
    bytes: decodeTotal(RECORD, 'bytes', columns[3]),
  });
}

/** The lines of {@link OutcomeCount}: `outcome reason objects bytes`. */
export const outcomeCount: RecordCodec<OutcomeCount> = { record: RECORD, encode, decode };
