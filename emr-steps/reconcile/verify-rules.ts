/**
 * The verdict on one object after the fact, from what both sides list now and what the ledger says. Pure.
 *
 * | source | destination | ledger | and | verdict |
 * |---|---|---|---|---|
 * | yes | yes | any | another size | `size` |
 * | yes | yes | any | same ETag | `equal-etag` |
 * | yes | yes | copied by checksum or size | both ETags are those of the row | `equal-checksum`, `equal-size` |
 * | yes | yes | any other | sizes are compared | `equal-size` |
 * | yes | yes | any other | ETags are compared | `etag` |
 * | yes | no | skipped | | `left-out` |
 * | yes | no | failed | | `failed` |
 * | yes | no | copied, or none | | `missing` |
 * | no | yes | any | | `extra` |
 * | no | no | yes | | `unlisted` |
 *
 * A row of the ledger counts as a proof only for the very versions that it names: where the source or the copy was changed since, it proves nothing.
 */
import type { LedgerRow } from '../records/ledger-row.ts';
import type { VerifyVerdict } from '../records/verdict-count.ts';

/** What `etag` and `size` compare where no ledger row proves a copy; `size` for a destination whose ETags are no MD5s (SSE-KMS, SSE-C). */
export const VERIFY_COMPARISONS = ['etag', 'size'] as const;
/** One of {@link VERIFY_COMPARISONS}. */
export type VerifyComparison = (typeof VERIFY_COMPARISONS)[number];

/** An object as a listing has it. */
export interface ListedFacts {
  readonly etag: string | null;
  readonly size: number;
}

/** One key on three sides. */
export interface VerifiedObject {
  readonly source: ListedFacts | null;
  readonly destination: ListedFacts | null;
  /** The best row of all rounds. */
  readonly ledger: LedgerRow | null;
}

/** A verdict and, where it is not plain, why. */
export interface Judgement {
  readonly verdict: VerifyVerdict;
  readonly detail: string | null;
}

/** Judges. */
export function judge({ source, destination, ledger }: VerifiedObject, compare: VerifyComparison): Judgement {
  if (source === null) return plain(destination === null ? 'unlisted' : 'extra');
  if (destination === null) return judgeAbsent(ledger);
  if (source.size !== destination.size) return plain('size');
  if (source.etag !== null && source.etag === destination.etag) return plain('equal-etag');
  return judgeOther(source, destination, ledger, compare);
}

function judgeAbsent(ledger: LedgerRow | null): Judgement {
  if (ledger === null) return plain('missing');
  if (ledger.outcome === 'copied') return { verdict: 'missing', detail: `it was copied at ${ledger.time} and is gone` };
  return { verdict: ledger.outcome === 'skipped' ? 'left-out' : 'failed', detail: ledger.detail };
}

/** Sizes are equal, ETags are not, or one has none. */
function judgeOther(source: ListedFacts, destination: ListedFacts, ledger: LedgerRow | null, compare: VerifyComparison): Judgement {
  if (ledger?.outcome === 'copied' && ledger.proof !== 'etag') {
    const [sameSource, sameCopy] = [ledger.sourceEtag === source.etag, ledger.destinationEtag === destination.etag];
    if (sameSource && sameCopy) return plain(ledger.proof === 'checksum' ? 'equal-checksum' : 'equal-size');
    return { verdict: 'etag', detail: sameSource ? 'the destination changed since it was copied' : 'the source changed since it was copied' };
  }
  if (compare === 'size') return plain('equal-size');
  return plain('etag');
}

function plain(verdict: VerifyVerdict): Judgement {
  return { verdict, detail: null };
}
