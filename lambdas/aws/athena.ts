/** What Athena answers, and stopping what it still works at. */
import {
  type AthenaClient,
  BatchGetQueryExecutionCommand,
  GetQueryResultsCommand,
  ListQueryExecutionsCommand,
  type QueryExecution,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { DiffCounts } from '../../emr-steps/records/diff-counts.ts';
import { countsOfCells } from '../../workflows/diff/athena-queries.ts';
import { DiffDamagedError } from '../../workflows/plan/assess-diff.ts';
import type { RunRecord } from '../run/run-record.ts';

/** The most queries that one answer holds. */
const QUERIES_AT_ONCE = 50;

/** The counts of a query that counted: the row after the row of names. */
export function athenaCounts(client: Pick<AthenaClient, 'send'>): (queryId: string) => Promise<DiffCounts> {
  return async (queryId) => {
    const { ResultSet } = await client.send(new GetQueryResultsCommand({ QueryExecutionId: queryId, MaxResults: 3 }));
    const rows = ResultSet?.Rows ?? [];
    if (rows.length !== 2) throw new DiffDamagedError(`the query ${queryId} gave ${rows.length - 1} lines of counts, one is needed`);
    return countsOfCells((rows[1]?.Data ?? []).map(({ VarCharValue }) => VarCharValue ?? ''));
  };
}

/** Stops the queries of a run: its tables carry its name. The newest come first; those from before the run are not looked at. */
export function queryStopper(client: Pick<AthenaClient, 'send'>): (record: RunRecord) => Promise<void> {
  return async ({ facts: { athena, runId }, startedAt }) => {
    if (athena == null) return;
    let NextToken: string | undefined;
    do {
      const page = await client.send(new ListQueryExecutionsCommand({ WorkGroup: athena.workGroup, MaxResults: QUERIES_AT_ONCE, NextToken }));
      const queries = await described(client, page.QueryExecutionIds ?? []);
      for (const { QueryExecutionId } of queries.filter((query) => isOfRun(query, runId)))
        await client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
      NextToken = queries.some(({ Status }) => (Status?.SubmissionDateTime?.getTime() ?? Number.POSITIVE_INFINITY) < Date.parse(startedAt))
        ? undefined
        : page.NextToken;
    } while (NextToken !== undefined);
  };
}

async function described(client: Pick<AthenaClient, 'send'>, QueryExecutionIds: string[]): Promise<readonly QueryExecution[]> {
  if (QueryExecutionIds.length === 0) return [];
  return (await client.send(new BatchGetQueryExecutionCommand({ QueryExecutionIds }))).QueryExecutions ?? [];
}

/** Names of tables hold no hyphens. */
function isOfRun({ Status, Query }: QueryExecution, runId: string): boolean {
  return /^(QUEUED|RUNNING)$/.test(Status?.State ?? '') && (Query?.includes(runId.replaceAll('-', '_')) ?? false);
}
