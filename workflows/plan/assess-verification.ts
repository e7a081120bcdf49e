/** What a verification found: how much differs, and how much of that nobody has explained. Pure. */
import { DIFFERENCE_KINDS, type DifferenceKind } from '../../emr-steps/records/difference.ts';
import type { VerdictCount } from '../../emr-steps/records/verdict-count.ts';
import type { RunRequest } from '../request/run-request.ts';

/** The sum of what the reducers counted. */
export interface VerificationAssessment {
  /** Objects that are well. */
  readonly equal: number;
  /** Objects by kind of difference; kinds that are not there are left out. */
  readonly differences: Readonly<Partial<Record<DifferenceKind, number>>>;
  /** Rows that the verify step has to write; zero: it need not run. */
  readonly rows: number;
  /** Differences that the books do not tell already: all but what the ledger says has failed. */
  readonly unexplained: number;
}

/** Assesses the lines that `verifyCounts` wrote. Extras are no difference unless the request asks for them. */
export function assessVerification({ diff }: Pick<RunRequest, 'diff'>, counts: readonly VerdictCount[]): VerificationAssessment {
  const objects = (verdicts: readonly string[]) => counts.filter(({ verdict }) => verdicts.includes(verdict)).reduce((sum, count) => sum + count.objects, 0);
  const counted = DIFFERENCE_KINDS.filter((kind) => kind !== 'extra' || diff.extras);
  const rows = objects(counted);
  return {
    equal: objects(['equal-etag', 'equal-checksum', 'equal-size']),
    differences: Object.fromEntries(DIFFERENCE_KINDS.map((kind) => [kind, objects([kind])] as const).filter(([, count]) => count > 0)),
    rows,
    unexplained: rows - objects(['failed']),
  };
}

/** Why a run fails by what its verification found, each kind of difference named; null: it does not. What failed is told by the books of a copy. */
export function verificationCause(
  { goal, diff }: Pick<RunRequest, 'goal' | 'diff'>,
  { rows, unexplained, differences }: VerificationAssessment,
): string | null {
  const count = goal === 'verify' ? rows : unexplained;
  if (count === 0) return null;
  const told = DIFFERENCE_KINDS.filter(
    (kind) => differences[kind] !== undefined && (kind !== 'extra' || diff.extras) && (kind !== 'failed' || goal === 'verify'),
  );
  return `the verification found ${count} ${count === 1 ? 'difference' : 'differences'}: ${told.map((kind) => `${differences[kind]} ${kind}`).join(', ')}`;
}
