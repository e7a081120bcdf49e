/** What verify counted: one line a verdict, of one reducer. The lines of all reducers add up. */
import type { Tally } from '../books/books.ts';
import { decodeCount, decodeTotal, decodeWord, encodeCount, encodeTotal, splitColumns } from './columns.ts';
import { DIFFERENCE_KINDS } from './difference.ts';
import type { RecordCodec } from './record-codec.ts';

/** Every verdict on an object: what proves that it is well, why it need not be there, or how it differs. */
export const VERIFY_VERDICTS = ['equal-etag', 'equal-checksum', 'equal-size', 'left-out', ...DIFFERENCE_KINDS] as const;

/**
 * `equal-etag`: the same ETag and size on both sides. `equal-checksum`, `equal-size`: the same size, and the copy is the one that the ledger
 * names with this proof, or nothing but sizes can be compared. `left-out`: not at the destination, because the ledger says that it was
 * skipped. The others are differences.
 */
export type VerifyVerdict = (typeof VERIFY_VERDICTS)[number];

/** Objects and bytes of one verdict; bytes by the source's sizes, the destination's where only that has it. */
export interface VerdictCount extends Tally {
  readonly verdict: VerifyVerdict;
}

const RECORD = 'VerdictCount';

function isVerdict(text: string): text is VerifyVerdict {
  return (VERIFY_VERDICTS as readonly string[]).includes(text);
}

function encode({ verdict, objects, bytes }: VerdictCount): string {
  return [verdict, encodeCount(RECORD, 'objects', objects), encodeTotal(RECORD, 'bytes', bytes)].join('\t');
}

function decode(line: string): VerdictCount {
  const columns = splitColumns(RECORD, line, 3);
  return {
    verdict: decodeWord(RECORD, 'verdict', columns[0], isVerdict),
    objects: decodeCount(RECORD, 'objects', columns[1]),
    bytes: decodeTotal(RECORD, 'bytes', columns[2]),
  };
}

/** The lines of {@link VerdictCount}: `verdict objects bytes`. */
export const verdictCount: RecordCodec<VerdictCount> = { record: RECORD, encode, decode };
