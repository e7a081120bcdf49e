/** Adds up the books of a fan-out's children and writes `output.json`; the children's own stay where they are. */
import { OUTPUT_FILE, SUMMARY_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import type { FanOutOutput } from '../../workflows/events/fan-out-output.ts';
import type { EventSink } from '../../workflows/events/run-event.ts';
import type { RunOutput, RunSummary } from '../../workflows/events/run-output.ts';
import type { FanOutResult, SummarizeFanOutInput, SummarizeFanOutOutput } from '../../workflows/plan/fan-out-state.ts';
import { runIdOf } from '../../workflows/plan/run-id.ts';
import { type RunHome, runIdOfExecution } from '../run/run-home.ts';
import { type EndedChild, fanOutOutput } from './fan-out-sum.ts';

/** An execution as the service remembers it. */
export interface EndedExecution {
  readonly executionArn: string;
  readonly startedAt: Date;
  /** Why it failed, for people; null: it did not, or does not say. */
  readonly cause: string | null;
}

/** What the handler needs of its surroundings. */
export interface SummarizeFanOutDeps {
  readonly home: RunHome;
  /** The execution of a run by its name; null where the service knows none. */
  readonly executionOf: (name: string) => Promise<EndedExecution | null>;
  readonly emit: EventSink;
  readonly now: () => Date;
}

/** Children that are looked at at once; DescribeExecution is throttled at 15 a second. */
const AT_ONCE = 8;

/** Sums up. */
export async function summarizeFanOut(input: SummarizeFanOutInput, deps: SummarizeFanOutDeps): Promise<SummarizeFanOutOutput> {
  const runId = runIdOfExecution(input);
  const directory = deps.home.directoryOf(runId);
  const ended: EndedChild[] = [];
  for (let at = 0; at < input.children.length; at += AT_ONCE)
    ended.push(...(await Promise.all(input.children.slice(at, at + AT_ONCE).map((child) => endOf(child, deps)))));
  const output = fanOutOutput(runId, directory.base, ended);
  await directory.write(OUTPUT_FILE, `${JSON.stringify(output, null, 2)}\n`);
  tell(input, output, ended, deps);
  const failed = input.children.filter(({ succeeded }) => !succeeded).length;
  const place = directory.locate(OUTPUT_FILE);
  return {
    runId,
    status: output.status,
    tolerated: output.status !== 'succeeded' && failed <= input.toleratedFailures,
    succeeded: input.children.length - failed,
    failed,
    output: place,
    cause: `fan-out ${runId} ${output.status}: ${output.cause ?? `${input.children.length} runs`} (${place})`,
  };
}

/** What a child left; of one that failed the service is asked which run it was. */
async function endOf(result: FanOutResult, { home, executionOf }: SummarizeFanOutDeps): Promise<EndedChild> {
  const execution = result.runId === '' ? await executionOf(result.execution) : null;
  const runId = execution === null ? result.runId || null : runIdOf(execution.startedAt, execution.executionArn);
  const directory = runId === null ? null : home.directoryOf(runId);
  const output = directory === null ? null : await readJson<RunOutput>(directory, OUTPUT_FILE);
  const summary = directory === null || output === null ? null : await readJson<RunSummary>(directory, SUMMARY_FILE);
  return { result, runId, output, requests: summary?.requests ?? {}, cause: output?.cause ?? execution?.cause ?? null };
}

async function readJson<T>(directory: RunDirectory, file: string): Promise<T | null> {
  const bytes = await directory.read(file);
  return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as T);
}

function tell({ startedAt }: SummarizeFanOutInput, output: FanOutOutput, ended: readonly EndedChild[], { emit, now }: SummarizeFanOutDeps): void {
  const at = now();
  const { runId, status, cause, books } = output;
  const requests: Record<string, number> = {};
  for (const child of ended) for (const [name, count] of Object.entries(child.requests)) requests[name] = (requests[name] ?? 0) + count;
  emit({ type: 'run.finished', at: at.toISOString(), runId, status, cause, books, seconds: (at.getTime() - Date.parse(startedAt)) / 1000, requests });
}
