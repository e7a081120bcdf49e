/** Draws up the books, writes `summary.json` and `output.json`, and tells how the run ended. */
import { drawUpDrift } from '../../emr-steps/books/drift.ts';
import { OUTPUT_FILE, SUMMARY_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { reviewEstimate } from '../../workflows/estimate/compare-estimate.ts';
import type { EventSink } from '../../workflows/events/run-event.ts';
import type { RunOutput, RunSummary } from '../../workflows/events/run-output.ts';
import type { SummarizeRunInput, SummarizeRunOutput } from '../../workflows/plan/run-state.ts';
import { writes } from '../../workflows/request/goal.ts';
import { causeOf } from '../run/caught-cause.ts';
import { conclude } from '../run/conclusion.ts';
import { type RunHome, runOfExecution } from '../run/run-home.ts';
import { findRunRecord } from '../run/run-record.ts';
import { type RunFindings, readFindings } from './run-findings.ts';
import { outputOf } from './run-output.ts';
import { addUpStatistics, type StatisticsTotals } from './statistics-sum.ts';

/** Kept back of a function's time, to write down what was added up. */
export const RESERVE_MILLISECONDS = 5 * 60_000;

/** What the handler needs of its surroundings. */
export interface SummarizeRunDeps {
  readonly home: RunHome;
  /** Seconds by step name, such as `copy-objects.r1.t1`, in the order in which they began. */
  readonly secondsOfSteps: (directory: RunDirectory) => Promise<Readonly<Record<string, number>>>;
  /** Whether there is time to read on. */
  readonly hasTime: () => boolean;
  readonly emit: EventSink;
  readonly now: () => Date;
}

/** Summarizes. */
export async function summarizeRun(input: SummarizeRunInput, deps: SummarizeRunDeps): Promise<SummarizeRunOutput> {
  const runId = await runOfExecution(deps.home, input);
  const directory = deps.home.directoryOf(runId);
  const failure = input.failure === null ? null : causeOf(input.failure);
  const record = await findRunRecord(directory);
  const findings = record === null ? null : await readFindings(directory, record.facts);
  if (findings === null) return unprepared(runId, failure);
  const totals = await addUpStatistics(directory, deps.hasTime);
  if (totals === null) return { done: false, runId, status: 'failed', tolerated: false, output: '', cause: '' };
  const output = outputOf(findings, findings.facts.runDirectory, failure);
  const summary = await summaryOf(findings, output, totals, new Date(record?.startedAt ?? input.startedAt), directory, deps);
  await directory.write(SUMMARY_FILE, asJson(summary));
  await directory.write(OUTPUT_FILE, asJson(output));
  const { status, cause, books, seconds, requests, wouldCopy, sweep } = summary;
  const at = summary.finishedAt;
  if (sweep !== null) deps.emit({ type: 'sweep.finished', at, ...sweep });
  if (wouldCopy !== null) deps.emit({ type: 'run.would-copy', at, ...wouldCopy });
  deps.emit({ type: 'run.finished', at, runId, status, cause, books, seconds, requests });
  const place = directory.locate(OUTPUT_FILE);
  const drawnUp: SummarizeRunOutput = { done: true, runId, status, tolerated: isTolerated(output, findings), output: place, cause: oneLine(output, place) };
  await conclude(directory, input.executionArn, { summary: drawnUp });
  return drawnUp;
}

async function summaryOf(
  { facts, diff, rounds, verification, wouldCopy, sweep, estimated }: RunFindings,
  output: RunOutput,
  totals: StatisticsTotals,
  startedAt: Date,
  directory: RunDirectory,
  { now, secondsOfSteps }: SummarizeRunDeps,
): Promise<RunSummary> {
  const finishedAt = now();
  const { version, runId, status, cause, books } = output;
  return {
    ...{ version, runId, status, cause, books },
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    seconds: (finishedAt.getTime() - startedAt.getTime()) / 1000,
    rounds: rounds.length,
    wouldCopy,
    diff,
    verification,
    sweep,
    drift: writes(facts.request) ? drawUpDrift(rounds.flatMap((round) => round.drift)) : null,
    estimate: estimated === null ? null : reviewEstimate(estimated, totals.requests),
    ...totals,
    steps: await secondsOfSteps(directory),
  };
}

/** A run that failed before it was planned has no directory to write to that anybody would look for. */
function unprepared(runId: string, failure: string | null): SummarizeRunOutput {
  return { done: true, runId, status: 'failed', tolerated: false, output: '', cause: `run ${runId} failed: ${failure ?? 'it was never planned'}` };
}

/** Objects failed, but no more than the request tolerates. */
function isTolerated({ status, books }: RunOutput, { facts }: RunFindings): boolean {
  return status === 'partial' && books !== null && books.outcomes.failed.objects <= facts.request.toleratedFailures;
}

function oneLine({ runId, status, cause, books }: RunOutput, place: string): string {
  const failed = books?.outcomes.failed.objects ?? 0;
  const why = cause ?? (failed > 0 ? `${failed} ${failed === 1 ? 'object' : 'objects'} failed` : null);
  return `run ${runId} ${status}${why === null ? '' : `: ${why}`} (${place})`;
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
