/** `states:startExecution.sync:2`: a child is a whole execution on this machine, which the caller of the binding runs. */
import { placeholder, SUBSTITUTIONS } from '../../../workflows/state-machine/handlers.ts';
import type { Binding } from './bindings.ts';
import type { ExecutionEnd } from './execute.ts';
import { TaskError } from './task-error.ts';

/** A child that is started. */
export interface ChildExecution {
  readonly name: string;
  readonly arn: string;
  readonly startedAt: Date;
  readonly input: unknown;
  /** Aborted with the task that started it. */
  readonly signal: AbortSignal;
}

/** A child, and how it ended; null: it runs. */
export interface KnownExecution extends Omit<ChildExecution, 'signal' | 'input'> {
  end: ExecutionEnd | null;
}

/** The executions of the machine of one run on this machine. */
export interface LocalExecutions {
  readonly bindings: Readonly<Record<string, Binding>>;
  /** Every child that was started, in order. */
  readonly known: ReadonlyMap<string, KnownExecution>;
}

/** Names that Step Functions takes. */
const NAME = /^[A-Za-z0-9_-]{1,80}$/;

/** They. @param run - runs a child to its end */
export function localExecutions(run: (child: ChildExecution) => Promise<ExecutionEnd>): LocalExecutions {
  const known = new Map<string, KnownExecution>();
  const start: Binding = async ({ StateMachineArn, Name, Input }, { signal }) => {
    const name = checkedName(String(StateMachineArn), String(Name), known);
    const child = { name, arn: `arn:aws:states:local:000000000000:execution:copy-run:${name}`, startedAt: new Date() };
    const entry: KnownExecution = { ...child, end: null };
    known.set(name, entry);
    entry.end = await run({ ...child, input: JSON.parse(JSON.stringify(Input)), signal });
    return described(child, Input, entry.end);
  };
  return { bindings: { 'states:startExecution.sync:2': start }, known };
}

/** A name is never taken twice. @throws TaskError by the name that the service gives it */
function checkedName(machine: string, name: string, known: ReadonlyMap<string, unknown>): string {
  if (machine !== placeholder(SUBSTITUTIONS.copyRun)) throw new TaskError('StepFunctions.StateMachineDoesNotExistException', `there is no ${machine}`);
  if (!NAME.test(name)) throw new TaskError('StepFunctions.InvalidNameException', `(${name}) is no name of an execution`);
  if (known.has(name)) throw new TaskError('StepFunctions.ExecutionAlreadyExistsException', `there is an execution (${name}) already`);
  return name;
}

/** The child as DescribeExecution tells it. @throws TaskError with that as its cause, where it did not succeed */
function described({ name, arn, startedAt }: Omit<ChildExecution, 'signal' | 'input'>, Input: unknown, end: ExecutionEnd): unknown {
  const all = { ExecutionArn: arn, Name: name, StartDate: startedAt.getTime(), StopDate: Date.now(), Status: end.status };
  if (end.status === 'SUCCEEDED') return { ...all, Input, Output: end.output };
  const why = end.status === 'ABORTED' ? {} : { Error: end.error, Cause: end.cause };
  throw new TaskError('States.TaskFailed', JSON.stringify({ ...all, Input: JSON.stringify(Input), ...why }));
}
