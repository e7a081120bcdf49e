/** How both ends of a run ask for its books. */
import type { CaughtError } from '../../plan/run-state.ts';
import type { HandlerTaskProps } from '../handler-task.ts';
import type { Ref } from '../state-path.ts';

/** The call of `summarize-run`. @param failure - null on the good path */
export function summaryOf(failure: Ref<CaughtError> | null): Omit<HandlerTaskProps<'summarize-run'>, 'comment'> {
  return {
    handler: 'summarize-run',
    payload: { failure },
    resultPath: '$.summary',
    keep: (answer) => ({
      done: answer('done'),
      runId: answer('runId'),
      status: answer('status'),
      tolerated: answer('tolerated'),
      output: answer('output'),
      cause: answer('cause'),
    }),
  };
}
