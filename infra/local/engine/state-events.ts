/** What the interpreter tells of an execution, as events of a run. */
import type { StateMachine } from 'aws-local-stepfunctions';
import type { EventSink } from '../../../workflows/events/run-event.ts';
import type { RunningTasks } from './running-tasks.ts';
import { checkedSize, TaskError } from './task-error.ts';

type EventLogs = ReturnType<StateMachine['run']>['eventLogs'];
type EventLog = EventLogs extends AsyncGenerator<infer E> ? E : never;

/** Who acts upon what is told. */
export interface EventReaders {
  readonly tasks: RunningTasks;
  /** The data of a state are larger than AWS would carry. */
  readonly tooLarge: (error: TaskError) => void;
}

/** Milliseconds that events may still take after the end. */
const LAST_EVENTS = 200;

/** Reads until the end. */
export function stateEvents(logs: EventLogs, emit: EventSink, readers: EventReaders): { drained(): Promise<void> } {
  const read = (async () => {
    for await (const event of logs) tell(event, emit, readers);
  })();
  return {
    drained: async () => {
      const late = new AbortController();
      const timer = new Promise<void>((resolve) => {
        const id = setTimeout(resolve, LAST_EVENTS);
        late.signal.addEventListener('abort', () => clearTimeout(id));
      });
      await Promise.race([read, timer]);
      late.abort();
    },
  };
}

function tell(event: EventLog, emit: EventSink, { tasks, tooLarge }: EventReaders): void {
  const at = new Date(event.timestamp).toISOString();
  switch (event.type) {
    case 'StateEntered':
      emit({ type: 'state.entered', at, state: event.state.name, kind: event.state.type });
      checkSize(event.state.name, event.state.input, tooLarge);
      break;
    case 'StateExited':
      emit({ type: 'state.exited', at, state: event.state.name, kind: event.state.type });
      break;
    case 'StateFailed':
      emit({ type: 'state.failed', at, state: event.state.name, error: event.Error ?? '', cause: textOf(event.Cause) });
      break;
    case 'StateRetried':
      emit({ type: 'state.retried', at, state: event.state.name, attempt: event.retry.attempt });
      break;
    // AWS stops the other branches; the interpreter lets their tasks go on.
    case 'ParallelBranchFailed':
    case 'MapIterationFailed':
      tasks.cutOffWithin(event.parentState.name);
      break;
    default:
  }
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause ?? '');
}

function checkSize(state: string, input: unknown, tooLarge: (error: TaskError) => void): void {
  try {
    checkedSize(state, 'input', input);
  } catch (error) {
    if (error instanceof TaskError) tooLarge(error);
  }
}
