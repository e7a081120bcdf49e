/** Follows an execution on AWS by its history, and by what lies in the run's directory. */
import { DescribeExecutionCommand, type DescribeExecutionOutput, GetExecutionHistoryCommand, type HistoryEvent, type SFNClient } from '@aws-sdk/client-sfn';
import { SUMMARY_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import type { RunEvent } from '../../workflows/events/run-event.ts';
import type { RunSummary } from '../../workflows/events/run-output.ts';
import { runOfExecution } from '../aws/execution-run.ts';
import type { DirectoryAt, FollowedEnd, FollowedRun } from './followed-run.ts';
import { HistoryReader } from './history-events.ts';
import { stepProgress } from './step-progress.ts';

/** Milliseconds between two looks. */
const EVERY = 5_000;

/** Events of one page. */
const PAGE = 200;

/** Ends by which the machine has drawn up the books; any other may find those of an earlier execution of the same run. */
const SUMMED_UP = new Set(['SUCCEEDED', 'FAILED']);

/** What follows it. */
export interface ExecutionFollower {
  readonly arn: string;
  readonly client: SFNClient;
  readonly directoryAt: DirectoryAt;
  readonly signal: AbortSignal;
}

/** Follows it. @throws the service's error where there is no such execution */
export async function followExecution(options: ExecutionFollower): Promise<FollowedRun> {
  const { arn, client, signal } = options;
  const describe = async () => await client.send(new DescribeExecutionCommand({ executionArn: arn }), { abortSignal: signal });
  const reader = new HistoryReader(runOfExecution(await describe()));
  const directory = () => (reader.directory === null ? null : options.directoryAt(reader.directory));
  let last = 0;
  return {
    everyMilliseconds: EVERY,
    news: async () => {
      // In this order: what happened before the end is read.
      const execution = await describe();
      const history = await eventsSince(options, last);
      last = history.at(-1)?.id ?? last;
      const events: RunEvent[] = [];
      for (const event of history.flatMap((one) => reader.read(one))) events.push(await withProgress(event, directory()));
      if (execution.status === 'RUNNING' || execution.status === 'PENDING_REDRIVE') return { events, end: null };
      const finished = SUMMED_UP.has(execution.status ?? '') ? await finishedOf(directory()) : null;
      return { events: finished === null ? events : [...events, finished], end: endOf(execution) };
    },
    close: async () => {},
  };
}

/** Events behind the last one that was seen, the oldest first. */
async function eventsSince({ client, arn, signal }: ExecutionFollower, last: number): Promise<readonly HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const command = new GetExecutionHistoryCommand({ executionArn: arn, reverseOrder: true, maxResults: PAGE, nextToken });
    const page = await client.send(command, { abortSignal: signal });
    events.push(...(page.events ?? []).filter(({ id = 0 }) => id > last));
    nextToken = (page.events ?? []).some(({ id = 0 }) => id <= last) ? undefined : page.nextToken;
  } while (nextToken !== undefined);
  return events.reverse();
}

/** The history says when a step ended, its statistics what it did. */
async function withProgress(event: RunEvent, directory: RunDirectory | null): Promise<RunEvent> {
  if (event.type !== 'step.finished' || directory === null) return event;
  const progress = await stepProgress(directory, event.step).catch(() => null);
  return progress === null ? event : { ...event, progress };
}

/** What the run's summary tells; null where there is none, or it may not be read. */
async function finishedOf(directory: RunDirectory | null): Promise<Extract<RunEvent, { readonly type: 'run.finished' }> | null> {
  const bytes = await directory?.read(SUMMARY_FILE).catch(() => null);
  if (bytes == null) return null;
  const { finishedAt, runId, status, cause, books, seconds, requests } = JSON.parse(Buffer.from(bytes).toString('utf8')) as RunSummary;
  return { type: 'run.finished', at: finishedAt, runId, status, cause, books, seconds, requests };
}

function endOf({ status, error, cause }: DescribeExecutionOutput): FollowedEnd {
  const why = [error, cause].filter((text) => text !== undefined && text !== '').join(': ');
  return { isWell: status === 'SUCCEEDED', sentence: `the execution ended as ${status}${why === '' ? '' : `, ${why}`}` };
}
