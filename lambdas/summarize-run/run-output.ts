/** From the findings to the books and the output contract. Pure. */
import { addTally, type Books, drawUpBooks, type OutcomeCount, type Tally } from '../../emr-steps/books/books.ts';
import { DIFF_OUTPUTS } from '../../emr-steps/run-directory/layout.ts';
import { RUN_OUTPUT_VERSION, type RunOutput, type RunStatus, runStatus } from '../../workflows/events/run-output.ts';
import { assessVerification, verificationCause } from '../../workflows/plan/assess-verification.ts';
import { countsOfRun } from '../../workflows/plan/round-counts.ts';
import type { RunFacts } from '../../workflows/plan/run-facts.ts';
import { verifies, writes } from '../../workflows/request/goal.ts';
import type { RunSide } from '../../workflows/request/side.ts';
import type { RunFindings } from './run-findings.ts';

const NONE: Tally = { objects: 0, bytes: 0 };

/** The contract for what runs next. @param failure - why the run failed; null on the good path */
export function outputOf(findings: RunFindings, runDirectory: string, failure: string | null): RunOutput {
  const { facts, plan, diff, rounds } = findings;
  const verification = findings.verification === null ? null : assessVerification(facts.request, findings.verification);
  const cause = failure ?? unprovenCause(findings) ?? (verification === null ? null : verificationCause(facts.request, verification));
  const books = failure === null ? booksOf(findings) : null;
  const { steps } = plan;
  return {
    version: RUN_OUTPUT_VERSION,
    runId: facts.runId,
    status: statusOf(facts, books, cause),
    cause,
    runDirectory,
    source: urlOf(facts.request.source),
    destination: urlOf(facts.request.destination),
    books,
    verified: cause === null && verification !== null,
    places: {
      sourceListing: steps.listSource.output,
      destinationListing: steps.listDestination?.output ?? null,
      toCopy: diff === null ? null : `${steps.diff?.output}/${DIFF_OUTPUTS.toCopy}`,
      extra: diff !== null && facts.request.diff.extras ? `${steps.diff?.output}/${DIFF_OUTPUTS.extra}` : null,
      ledgers: rounds.map(({ ledger }) => ledger),
      differences: verification !== null && verification.rows > 0 ? (steps.verify?.output ?? null) : null,
    },
  };
}

/** A run that ends on the good path without the proof that was asked for is no good one. */
function unprovenCause({ facts, plan, rounds, verification, wouldCopy }: RunFindings): string | null {
  if (facts.request.dryRun && wouldCopy === null) return 'what the dry run would copy was not counted';
  if (writes(facts.request) && plan.progress.rowBytes !== 0 && rounds.length === 0) return 'no round was counted, although there was something to copy';
  return verifies(facts.request) && verification === null ? 'the verification that the request asks for was not made' : null;
}

/** A run that copies nothing, because only a diff or a dry run was asked for, has no books and is well once it ends without a cause. */
function statusOf(facts: RunFacts, books: Books | null, cause: string | null): RunStatus {
  if (cause !== null) return 'failed';
  return writes(facts.request) ? runStatus(books) : 'succeeded';
}

/** Null where nothing was copied because that was not asked for. */
function booksOf({ facts, diff, rounds }: RunFindings): Books | null {
  if (!writes(facts.request)) return null;
  const toCopy = (rounds[0]?.counts ?? []).filter(isListed).reduce<Tally>(addTally, NONE);
  const listed = diff === null ? toCopy : [diff.missing, diff.different, diff.unchanged].reduce(addTally);
  return drawUpBooks(listed, diff?.unchanged ?? NONE, countsOfRun(rounds.map(({ counts }) => counts)));
}

/** Whether the line counts objects of the listing; the others are found beside it. */
function isListed({ outcome }: OutcomeCount): boolean {
  return outcome !== 'unlisted' && outcome !== 'duplicate';
}

function urlOf({ bucket, prefix }: RunSide): string {
  return `s3://${bucket}/${prefix}`;
}
