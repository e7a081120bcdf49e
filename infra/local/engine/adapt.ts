/**
 * The guarded definition as the interpreter must get it to do what AWS does. What is changed, and why:
 * - `$$.Execution.StartTime` is read from a member of our own: the interpreter gives every branch a start of its own.
 * - `ResultPath: "$"` is left out: the interpreter would make a member named `$`.
 * - `TimeoutSeconds` goes: it counts in 32 bits of milliseconds, so that 25 days are over at once, and its tasks go on after their time. The
 *   engine keeps time itself.
 * - waits, and those between retries, are multiplied by a factor.
 */
import type { MachineDefinition, StateDefinition } from './definition.ts';

/** Member of the context object that holds the execution's start. */
export const STARTED = 'Started';

/** Seconds that are no time-out: the engine's own comes first. */
const NEVER_SECONDS = 2_147_483;

/** The definition for the interpreter. @param waitFactor - 1: waits take as long as on AWS */
export function adapted(machine: MachineDefinition, waitFactor: number): MachineDefinition {
  const { TimeoutSeconds: _, States, ...rest } = machine;
  const states = Object.fromEntries(Object.entries(States).map(([name, state]) => [name, adaptedState(state, waitFactor)]));
  return { ...rest, States: states } as MachineDefinition;
}

function adaptedState(state: StateDefinition, factor: number): StateDefinition {
  const { Branches, ItemProcessor, ResultPath, Retry, Catch, ...own } = state;
  return {
    ...(ourContext(own) as StateDefinition),
    ...(ResultPath === undefined || ResultPath === '$' ? {} : { ResultPath }),
    ...(Retry === undefined ? {} : { Retry: (Retry as readonly RetryDefinition[]).map((retry) => shortened(retry, factor)) }),
    ...(Catch === undefined ? {} : { Catch: (Catch as readonly object[]).map(wholeResult) }),
    ...(Branches === undefined ? {} : { Branches: (Branches as readonly MachineDefinition[]).map((branch) => adapted(branch, factor)) }),
    ...(ItemProcessor === undefined ? {} : { ItemProcessor: adapted(ItemProcessor as MachineDefinition, factor) }),
    ...(state.Type === 'Task' ? { TimeoutSeconds: NEVER_SECONDS } : {}),
  };
}

/** Every reference to the start becomes one to ours. */
function ourContext(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('$$.Execution.StartTime', `$$$$.${STARTED}`));
}

function wholeResult(catcher: object): object {
  const { ResultPath, ...rest } = catcher as { readonly ResultPath?: string };
  return ResultPath === undefined || ResultPath === '$' ? rest : catcher;
}

interface RetryDefinition {
  readonly IntervalSeconds?: number;
  readonly MaxDelaySeconds?: number;
}

function shortened(retry: RetryDefinition, factor: number): object {
  const { IntervalSeconds = 1, MaxDelaySeconds } = retry;
  return { ...retry, IntervalSeconds: IntervalSeconds * factor, ...(MaxDelaySeconds === undefined ? {} : { MaxDelaySeconds: MaxDelaySeconds * factor }) };
}
