/**
 * Refuses what the interpreter would silently ignore or treat otherwise than AWS, before anything runs. It is a list of what is known to be
 * the same: what nobody has looked at is refused.
 */
import { callOf, type MachineDefinition, type PlacedState, placedStates, type StateDefinition } from './definition.ts';
import { pathProblems } from './guard-paths.ts';

/** Thrown with every problem of a definition. */
export class DefinitionRefusedError extends Error {
  override readonly name = 'DefinitionRefusedError';
  readonly code = 'DEFINITION_REFUSED';
  readonly retryable = false;
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the definition cannot be run here as AWS runs it:\n${problems.join('\n')}`);
    this.problems = problems;
  }
}

/** What tasks may call. */
export interface BoundCalls {
  /** Such as `elasticmapreduce:addStep.sync`. */
  readonly calls: ReadonlySet<string>;
  /** FunctionNames of handlers, as the definition writes them. */
  readonly functions: ReadonlySet<string>;
}

const EVERY = ['Type', 'Comment', 'Next', 'End', 'InputPath', 'OutputPath'];
const FAILING = ['ResultSelector', 'ResultPath', 'Retry', 'Catch'];
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  Task: [...EVERY, ...FAILING, 'Resource', 'Parameters', 'TimeoutSeconds'],
  Parallel: [...EVERY, ...FAILING, 'Branches'],
  Map: [...EVERY, ...FAILING, 'ItemProcessor', 'ItemsPath', 'ItemSelector', 'MaxConcurrency', 'MaxConcurrencyPath'],
  Choice: [...EVERY, 'Choices', 'Default'],
  Pass: [...EVERY, 'Result', 'Parameters', 'ResultPath'],
  Wait: [...EVERY, 'Seconds'],
  Succeed: EVERY,
  Fail: ['Type', 'Comment', 'Error', 'Cause', 'ErrorPath', 'CausePath'],
};
const MACHINE_MEMBERS = ['Comment', 'StartAt', 'States', 'TimeoutSeconds', 'QueryLanguage', 'ProcessorConfig'];

const RETRY_MEMBERS = ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy', 'Comment'];
const CATCH_MEMBERS = ['ErrorEquals', 'Next', 'ResultPath', 'Comment'];

/** Why a member is refused, where that helps. */
const REASONS: Readonly<Record<string, string>> = {
  Assign: 'variables are ignored',
  Credentials: 'roles are ignored',
  HeartbeatSeconds: 'heartbeats are ignored',
  HeartbeatSecondsPath: 'heartbeats are ignored',
  TimeoutSecondsPath: 'time-outs are read from the definition alone',
  ItemReader: 'a Distributed Map is run as an inline one',
  ItemBatcher: 'a Distributed Map is run as an inline one',
  ResultWriter: 'a Distributed Map is run as an inline one',
  Arguments: 'JSONata is not evaluated',
  Output: 'JSONata is not evaluated',
};

/** Errors that end an execution on AWS whatever Retry and Catch say. */
const TERMINAL = new Set(['States.Runtime', 'States.DataLimitExceeded']);

/** Passes a definition that runs here as on AWS. @throws DefinitionRefusedError */
export function guard(machine: MachineDefinition, bound: BoundCalls): MachineDefinition {
  const states = placedStates(machine);
  const problems = [...machineProblems('the machine', machine), ...twice(states), ...states.flatMap((placed) => stateProblems(placed, bound))];
  if (problems.length > 0) throw new DefinitionRefusedError(problems);
  return machine;
}

function machineProblems(where: string, machine: MachineDefinition): readonly string[] {
  const { QueryLanguage = 'JSONPath', ProcessorConfig } = machine;
  const mode = (ProcessorConfig as { readonly Mode?: string } | undefined)?.Mode ?? 'INLINE';
  return [
    ...unknown(where, machine, MACHINE_MEMBERS),
    ...(QueryLanguage === 'JSONPath' ? [] : [`${where}: QueryLanguage ${String(QueryLanguage)} is not evaluated; only JSONPath is`]),
    ...(mode === 'INLINE' ? [] : [`${where}: a ${mode} Map is run as an inline one`]),
    ...(Object.hasOwn(machine.States, machine.StartAt) ? [] : [`${where}: StartAt names no state`]),
  ];
}

function twice(states: readonly PlacedState[]): readonly string[] {
  const names = states.map(({ name }) => name);
  const repeated = new Set(names.filter((name, at) => names.indexOf(name) !== at));
  return [...repeated].map((name) => `${name}: two states have this name, and tasks are told apart by it`);
}

function stateProblems({ name, state }: PlacedState, bound: BoundCalls): readonly string[] {
  const members = MEMBERS[state.Type];
  if (members === undefined) return [`${name}: states of type ${state.Type} are not known`];
  const inner = ((state.Branches ?? []) as readonly MachineDefinition[]).concat((state.ItemProcessor ?? []) as MachineDefinition | []);
  return [
    ...unknown(name, state, members),
    ...inner.flatMap((machine) => machineProblems(name, machine)),
    ...ownPaths(state).map((problem) => `${name}: ${problem}`),
    ...failureProblems(name, state),
    ...(state.Type === 'Task' ? taskProblems(name, state, bound) : []),
    ...(state.Type === 'Pass' && 'Result' in state && !state.Result ? [`${name}: a Result that is empty is ignored`] : []),
  ];
}

function ownPaths({ Branches: _, ItemProcessor: __, ...own }: StateDefinition): readonly string[] {
  return pathProblems('', own);
}

function unknown(where: string, object: object, known: readonly string[]): readonly string[] {
  return Object.keys(object)
    .filter((member) => !known.includes(member))
    .map((member) => `${where}: ${member} is not allowed here (${REASONS[member] ?? 'nobody has checked that it is treated as on AWS'})`);
}

function taskProblems(name: string, state: StateDefinition, { calls, functions }: BoundCalls): readonly string[] {
  const call = callOf(state);
  if (call?.endsWith('.waitForTaskToken') === true) return [`${name}: task tokens are not waited for`];
  if (call === null || !calls.has(call)) return [`${name}: nothing is bound to ${String(state.Resource)}`];
  const { FunctionName } = (state.Parameters ?? {}) as { readonly FunctionName?: string };
  const missing = call === 'lambda:invoke' && !functions.has(String(FunctionName));
  return [
    ...(missing ? [`${name}: no handler is bound to ${String(FunctionName)}`] : []),
    ...(typeof state.TimeoutSeconds === 'number' ? [] : [`${name}: a Task without TimeoutSeconds has one minute here and years on AWS`]),
  ];
}

interface Handling {
  readonly ErrorEquals: readonly string[];
}

function failureProblems(name: string, { Retry = [], Catch = [] }: StateDefinition): readonly string[] {
  const [retries, catchers] = [Retry as readonly Handling[], Catch as readonly Handling[]];
  return [
    ...retries.flatMap((retry) => unknown(`${name}: Retry`, retry, RETRY_MEMBERS)),
    ...catchers.flatMap((catcher) => unknown(`${name}: Catch`, catcher, CATCH_MEMBERS)),
    ...[retries, catchers].flatMap((list) => list.flatMap((handling, at) => errorProblems(name, handling, at === list.length - 1))),
  ];
}

function errorProblems(name: string, { ErrorEquals }: Handling, isLast: boolean): readonly string[] {
  const all = ErrorEquals.includes('States.ALL');
  return [
    ...ErrorEquals.filter((error) => TERMINAL.has(error)).map((error) => `${name}: ${error} ends an execution on AWS; nothing catches it`),
    ...(ErrorEquals.includes('States.TaskFailed') ? [`${name}: States.TaskFailed would match time-outs here; name the errors, or States.ALL`] : []),
    ...(all && (ErrorEquals.length > 1 || !isLast) ? [`${name}: States.ALL must stand alone and last`] : []),
  ];
}
