/** What a run writes of itself: what was asked at its start, the books and the output contract at its end. */
import { addTally, type Books, drawUpBooks, type OutcomeCount, type Tally } from '../../emr-steps/books/books.ts';
import { drawUpDrift } from '../../emr-steps/books/drift.ts';
import { DIFF_OUTPUTS, OUTPUT_FILE, PARTITIONS_FILE, REQUEST_FILE, STATISTICS, SUMMARY_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { RUN_OUTPUT_VERSION, type RunOutput, type RunStatus, type RunSummary, runStatus } from '../../workflows/events/run-output.ts';
import { assessVerification, type VerificationAssessment } from '../../workflows/plan/assess-verification.ts';
import { countsOfRun } from '../../workflows/plan/round-counts.ts';
import type { RunSide } from '../../workflows/request/side.ts';
import type { LocalRun } from './local-run.ts';
import type { RunJournal } from './run-journal.ts';
import { addUpStatistics } from './run-statistics.ts';
import { readStepRecords } from './run-step.ts';

const NONE: Tally = { objects: 0, bytes: 0 };

/** Writes `request.json`, the partitions and the first plan. */
export async function writeRunStart({ directory, facts, partitions }: LocalRun, journal: RunJournal): Promise<void> {
  await directory.write(REQUEST_FILE, asJson(facts.request));
  await directory.write(PARTITIONS_FILE, partitions);
  await journal.adopt(journal.plan);
}

/** Writes `summary.json` and `output.json`, and tells how the run ended. */
export async function writeRunEnd(run: LocalRun, journal: RunJournal, cause: string | null): Promise<RunOutput> {
  const finishedAt = run.now();
  const output = outputOf(run, journal, cause);
  const summary: RunSummary = {
    version: RUN_OUTPUT_VERSION,
    runId: output.runId,
    status: output.status,
    cause: output.cause,
    books: output.books,
    startedAt: journal.startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    seconds: (finishedAt.getTime() - journal.startedAt.getTime()) / 1000,
    rounds: journal.rounds.length,
    wouldCopy: null,
    sweep: null,
    diff: journal.diff,
    verification: journal.verification,
    drift: journal.copies ? drawUpDrift(journal.rounds.flatMap((round) => round.drift)) : null,
    ...(await addUpStatistics(run.directory, [STATISTICS])),
    steps: await secondsOfSteps(run.directory),
  };
  await run.directory.write(SUMMARY_FILE, asJson(summary));
  await run.directory.write(OUTPUT_FILE, asJson(output));
  const { runId, status, cause: why, books, seconds, requests } = summary;
  run.emit({ type: 'run.finished', at: summary.finishedAt, runId, status, cause: why, books, seconds, requests });
  return output;
}

async function secondsOfSteps(directory: RunDirectory): Promise<Readonly<Record<string, number>>> {
  const records = [...(await readStepRecords(directory))].sort(([, a], [, b]) => (a.startedAt < b.startedAt ? -1 : 1));
  return Object.fromEntries(records.flatMap(([name, { seconds }]) => (seconds === null ? [] : [[name, seconds]])));
}

function outputOf(run: LocalRun, journal: RunJournal, failure: string | null): RunOutput {
  const { facts, directory } = run;
  const books = failure === null ? booksOf(journal) : null;
  const verification = journal.verification === null ? null : assessVerification(facts.request, journal.verification);
  const cause = failure ?? verificationCause(run, verification);
  const { steps } = journal.plan;
  const diffed = journal.diff !== null && steps.diff !== null;
  return {
    version: RUN_OUTPUT_VERSION,
    runId: facts.runId,
    status: statusOf(journal, books, cause),
    cause,
    runDirectory: directory.base,
    source: urlOf(facts.request.source),
    destination: urlOf(facts.request.destination),
    books,
    verified: cause === null && verification !== null,
    places: {
      sourceListing: steps.listSource.output,
      destinationListing: steps.listDestination?.output ?? null,
      toCopy: diffed ? `${steps.diff.output}/${DIFF_OUTPUTS.toCopy}` : null,
      extra: diffed && facts.request.diff.extras ? `${steps.diff.output}/${DIFF_OUTPUTS.extra}` : null,
      ledgers: journal.rounds.map((round) => round.ledger),
      differences: verification !== null && verification.rows > 0 ? (steps.verify?.output ?? null) : null,
    },
  };
}

/** A copy whose failed objects are missing is told by its books; a verification alone has no books. */
function verificationCause({ facts: { request } }: LocalRun, verification: VerificationAssessment | null): string | null {
  const differences = request.goal === 'verify' ? verification?.rows : verification?.unexplained;
  if (differences === undefined || differences === 0) return null;
  return `the verification found ${differences} ${differences === 1 ? 'difference' : 'differences'}`;
}

/** A run that copies nothing, because only a diff or a dry run was asked for, has no books and is well once it ends without a cause. */
function statusOf(journal: RunJournal, books: Books | null, cause: string | null): RunStatus {
  if (cause !== null) return 'failed';
  return journal.copies ? runStatus(books) : 'succeeded';
}

/** Null where nothing was copied because that was not asked for. */
function booksOf(journal: RunJournal): Books | null {
  if (!journal.copies) return null;
  const first = journal.rounds[0]?.counts ?? [];
  const { diff } = journal;
  const toCopy = first.filter(isListed).reduce<Tally>(addTally, NONE);
  const listed = diff === null ? toCopy : [diff.missing, diff.different, diff.unchanged].reduce(addTally);
  return drawUpBooks(listed, diff?.unchanged ?? NONE, countsOfRun(journal.rounds.map((round) => round.counts)));
}

/** Whether the line counts objects of the listing; the others are found beside it. */
function isListed({ outcome }: OutcomeCount): boolean {
  return outcome !== 'unlisted' && outcome !== 'duplicate';
}

function urlOf({ bucket, prefix }: RunSide): string {
  return `s3://${bucket}/${prefix}`;
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
