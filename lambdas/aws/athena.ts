/** What Athena answers, and stopping what it still works at. */
import {
  type AthenaClient,
  BatchGetQueryExecutionCommand,
  GetQueryResultsCommand,
  ListQueryExecutionsCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { DiffCounts } from '../../emr-steps/records/diff-counts.ts';
import { countsOfCells } from '../../workflows/diff/athena-queries.ts';
import { DiffDamagedError } from '../../workflows/plan/assess-diff.ts';
import type { RunRecord } from '../run/run-record.ts';

/** Queries of a workgroup that are looked at, the newest first; the most that one answer holds. */
const NEWEST_QUERIES = 50;

/** The counts of a query that counted: the row after the row of names. */
export function athenaCounts(client: Pick<AthenaClient, 'send'>): (queryId: string) => Promise<DiffCounts> {
  return async (queryId) => {
    const { ResultSet } = await client.send(new GetQueryResultsCommand({ QueryExecutionId: queryId, MaxResults: 3 }));
    const rows = ResultSet?.Rows ?? [];
    if (rows.length !== 2) throw new DiffDamagedError(`the query ${queryId} gave ${rows.length - 1} lines of counts, one is needed`);
    return countsOfCells((rows[1]?.Data ?? []).map(({ VarCharValue }) => VarCharValue ?? ''));
  };
}

/** Stops the queries of a run: its tables carry its name. */
export function queryStopper(client: Pick<AthenaClient, 'send'>): (record: RunRecord) => Promise<void> {
  return async ({ facts: { athena, runId } }) => {
    if (athena == null) return;
    const { QueryExecutionIds } = await client.send(new ListQueryExecutionsCommand({ WorkGroup: athena.workGroup, MaxResults: NEWEST_QUERIES }));
    if (QueryExecutionIds === undefined || QueryExecutionIds.length === 0) return;
    const { QueryExecutions } = await client.send(new BatchGetQueryExecutionCommand({ QueryExecutionIds }));
    const running = (QueryExecutions ?? []).filter(
      ({ Status, Query }) => /^(QUEUED|RUNNING)$/.test(Status?.State ?? '') && Query?.includes(runId.replaceAll('-', '_')),
    );
    for (const { QueryExecutionId } of running) await client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
  };
}
