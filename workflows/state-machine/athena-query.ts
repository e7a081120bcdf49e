/** One Athena query as a Task. */
import type { AthenaQuery } from '../diff/athena-queries.ts';
import type { PhaseContext } from './phase-context.ts';
import { ATHENA_RETRY } from './retry-policies.ts';
import { athenaRights } from './service-rights.ts';
import { ServiceTask } from './service-task.ts';
import type { Ref } from './state-path.ts';
import { ATHENA_TIME } from './time-outs.ts';

/** A query, its members as references. */
export type AthenaQueryRefs = { readonly [K in keyof AthenaQuery]: Ref<AthenaQuery[K]> };

/** What a Task of a query needs. */
export interface AthenaTaskProps {
  readonly comment: string;
  readonly query: AthenaQueryRefs;
  /** Member of the state that takes the query's id, as `queryId`; null: nobody asks for its result. */
  readonly resultPath: string | null;
}

/** The Task, without its Catch. */
export function athenaTask({ scope }: PhaseContext, name: string, { comment, query, resultPath }: AthenaTaskProps): ServiceTask {
  return new ServiceTask(scope, name, {
    comment,
    call: 'athena:startQueryExecution.sync',
    parameters: {
      QueryString: query.statement,
      QueryExecutionContext: { Database: query.database },
      ResultConfiguration: { OutputLocation: query.outputLocation },
      WorkGroup: query.workGroup,
    },
    resultSelector: { queryId: { path: '$.QueryExecution.QueryExecutionId' } },
    resultPath,
    timeout: ATHENA_TIME,
    retry: ATHENA_RETRY,
    rights: athenaRights(),
  });
}
