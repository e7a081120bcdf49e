/** Athena is not here: a request for it is told what serves instead. */
import type { Binding } from './bindings.ts';
import { TaskError } from './task-error.ts';

/** The binding, which refuses. */
export const athenaBindings: Readonly<Record<string, Binding>> = {
  'athena:startQueryExecution.sync': () =>
    Promise.reject(new TaskError('Athena.InvalidRequestException', 'there is no Athena on this machine; ask for diff.engine hive, which DuckDB runs here')),
};
