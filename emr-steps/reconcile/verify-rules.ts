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
 * | yes | yes | any but a copy that its checksum proves | checksums are compared | what a look at both says |
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

/**
 * What is compared where ETags differ and no ledger row proves a copy. For a destination whose ETags are no MD5s (SSE-KMS, SSE-C): `checksum`
 * asks for what S3 stores beside each of these objects, `size` trusts their sizes.
 */
export const VERIFY_COMPARISONS = ['etag', 'checksum', 'size'] as const;
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

/** The facts at hand do not tell: somebody must look at both objects. */
export const LOOK = 'look';

/** Judges. {@link LOOK} only where checksums are compared. */
export function judge({ source, destination, ledger }: VerifiedObject, compare: VerifyComparison): Judgement | typeof LOOK {
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
function judgeOther(source: ListedFacts, destination: ListedFacts, ledger: LedgerRow | null, compare: VerifyComparison): Judgement | typeof LOOK {
  if (ledger?.outcome === 'copied' && ledger.proof !== 'etag') {
    const [sameSource, sameCopy] = [ledger.sourceEtag === source.etag, ledger.destinationEtag === destination.etag];
    if (sameSource && sameCopy && ledger.proof === 'checksum') return plain('equal-checksum');
    if (compare === 'checksum') return LOOK;
    if (sameSource && sameCopy) return plain('equal-size');
    return { verdict: 'etag', detail: sameSource ? 'the destination changed since it was copied' : 'the source changed since it was copied' };
  }
  if (compare === 'checksum') return LOOK;
  return plain(compare === 'size' ? 'equal-size' : 'etag');
}

function plain(verdict: VerifyVerdict): Judgement {
  return { verdict, detail: null };
}
