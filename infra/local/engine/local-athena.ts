/** Who answers in Athena's place: it runs the statements that Athena would get. */
import { randomUUID } from 'node:crypto';
import type { DiffCounts } from '../../../emr-steps/records/diff-counts.ts';
import { type AthenaPlace, countsOfCells } from '../../../workflows/diff/athena-queries.ts';
import type { Binding } from './bindings.ts';
import { TaskError } from './task-error.ts';

/** An engine that understands the diff's statements. */
export interface AthenaEngine {
  /** What the queries name as their workgroup, database and result location. */
  readonly place: AthenaPlace;
  /** Runs one statement. @returns the cells of its first row; none where it has no rows */
  run(statement: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** The engine as the state machine and `assess-diff` call it. */
export interface LocalAthena {
  readonly bindings: Readonly<Record<string, Binding>>;
  counts(queryId: string): Promise<DiffCounts>;
}

/** Binds an engine; results are kept for as long as the run. */
export function localAthena(engine: AthenaEngine): LocalAthena {
  const results = new Map<string, readonly string[]>();
  const start: Binding = async ({ QueryString }, { signal }) => {
    const QueryExecutionId = randomUUID();
    try {
      results.set(QueryExecutionId, await engine.run(String(QueryString), signal));
    } catch (error) {
      throw new TaskError('States.TaskFailed', JSON.stringify({ QueryExecution: { QueryExecutionId, Status: failed(error) } }));
    }
    return { QueryExecution: { QueryExecutionId, Status: { State: 'SUCCEEDED' } } };
  };
  return {
    bindings: { 'athena:startQueryExecution.sync': start },
    counts: async (queryId) => countsOfCells(results.get(queryId) ?? []),
  };
}

function failed(error: unknown): object {
  return { State: 'FAILED', StateChangeReason: error instanceof Error ? error.message : String(error) };
}
