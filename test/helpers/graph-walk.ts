/**
 * Walks every path through a definition on sample data: each Task answers by a sample and fails by each of its Catch, each Choice goes every way
 * that its data leave open. What a state reads must exist on every path that reaches it.
 */
import { callOf, type MachineDefinition, type StateDefinition } from '../../infra/local/engine/definition.ts';
import { evaluated, filled, PathMissingError, put, type Sources } from './state-paths.ts';

/** How the samples go in. */
export interface WalkOrder {
  /** The answer of a call. */
  readonly answer: (call: string, parameters: unknown, state: string) => unknown;
  /** Whether the sample's value at this path of a Choice is the only one; of any other each value is possible. */
  readonly isFixed: (path: string) => boolean;
}

/** A state with the shape of what it gets. */
interface Node {
  readonly state: string;
  /** Keys of the nodes that may follow. */
  readonly next: ReadonlySet<string>;
  /** It may end the machine, well or not. */
  readonly isEnd: boolean;
  /** What a good end gives. */
  readonly outputs: readonly unknown[];
}

/** What was walked. */
export interface Walk {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly start: string;
  /** States that were reached, those of inner machines too. */
  readonly reached: ReadonlySet<string>;
  /** What does not exist where it is read. */
  readonly problems: ReadonlySet<string>;
  /** Parameters of each Task as they were filled in. */
  readonly calls: ReadonlyMap<string, unknown>;
}

interface Walking extends WalkOrder {
  readonly reached: Set<string>;
  readonly problems: Set<string>;
  readonly calls: Map<string, unknown>;
}

const CONTEXT = { Execution: { Id: 'arn:aws:states:eu-central-1:1:execution:m:n', Name: 'n', StartTime: '2026-01-02T03:04:05.678Z' } };

/** Walks. */
export function walk(machine: MachineDefinition, input: unknown, order: WalkOrder): Walk {
  const walking: Walking = { ...order, reached: new Set(), problems: new Set(), calls: new Map() };
  return { ...explored(machine, input, walking, CONTEXT), ...walking };
}

/** Paths from a state to an end of the machine that pass none of the given states; the names of the shortest, or null. */
export function pathAround({ nodes }: Pick<Walk, 'nodes'>, from: string, through: readonly string[]): readonly string[] | null {
  const queue: [string, readonly string[]][] = [...nodes].filter(([, { state }]) => state === from).map(([key]) => [key, [from]]);
  const seen = new Set(queue.map(([key]) => key));
  for (const [key, path] of queue) {
    const node = nodes.get(key) as Node;
    if (node.isEnd) return path;
    for (const next of node.next) {
      const { state } = nodes.get(next) as Node;
      if (seen.has(next) || through.includes(state)) continue;
      seen.add(next);
      queue.push([next, [...path, state]]);
    }
  }
  return null;
}

function explored(machine: MachineDefinition, input: unknown, walking: Walking, context: object): Pick<Walk, 'nodes' | 'start'> {
  const nodes = new Map<string, Node>();
  const start = nodeKey(machine.StartAt, input);
  const queue: Step[] = [[machine.StartAt, input]];
  for (const [state, data] of queue) {
    const key = nodeKey(state, data);
    if (nodes.has(key)) continue;
    walking.reached.add(state);
    const leads = steps(state, machine.States[state] as StateDefinition, data, walking, context);
    const onward = leads.filter(([next]) => next !== END && next !== FAILED);
    nodes.set(key, {
      state,
      next: new Set(onward.map(([next, out]) => nodeKey(next, out))),
      isEnd: onward.length < leads.length,
      outputs: leads.flatMap(([next, out]) => (next === END ? [out] : [])),
    });
    queue.push(...onward);
  }
  return { nodes, start };
}

const END = ' end';
const FAILED = ' failed';

type Step = readonly [next: string, data: unknown];

/** Where a state leads. A path that does not exist is told, and the walk goes no further there. */
function steps(name: string, state: StateDefinition, data: unknown, walking: Walking, context: object): readonly Step[] {
  try {
    return [...leads(name, state, data, walking, context)];
  } catch (error) {
    if (!(error instanceof PathMissingError)) throw error;
    walking.problems.add(`${name}: ${error.message}`);
    return [];
  }
}

function* leads(name: string, state: StateDefinition, data: unknown, walking: Walking, context: object): Generator<Step> {
  const from: Sources = { data, context };
  const on = (out: unknown): Step => [state.End === true || state.Type === 'Succeed' ? END : String(state.Next), out];
  switch (state.Type) {
    case 'Fail':
      for (const path of [state.ErrorPath, state.CausePath]) if (path !== undefined) evaluated(String(path), from);
      yield [FAILED, data];
      return;
    case 'Succeed':
    case 'Wait':
      yield on(evaluated(String(state.OutputPath ?? '$'), from));
      return;
    case 'Pass':
      yield on(put(data, state.ResultPath as string | undefined, state.Result ?? (state.Parameters === undefined ? data : filled(state.Parameters, from))));
      return;
    case 'Choice':
      yield* choice(name, state, from, walking);
      return;
    default:
      for (const result of results(name, state, from, walking)) {
        const selected = state.ResultSelector === undefined ? result : filled(state.ResultSelector, { data: result, context });
        yield on(put(data, state.ResultPath as string | null | undefined, selected));
      }
      yield* caught(state, data);
  }
}

/** The samples that a Task, a Parallel or a Map gives. */
function results(name: string, state: StateDefinition, from: Sources, walking: Walking): readonly unknown[] {
  if (state.Type === 'Task') {
    const parameters = filled(state.Parameters, from);
    walking.calls.set(name, parameters);
    return [walking.answer(callOf(state) ?? '', parameters, name)];
  }
  const inner = (machine: MachineDefinition, input: unknown, context: object) =>
    [...explored(machine, input, walking, context).nodes.values()].flatMap((node) => node.outputs);
  if (state.Type === 'Parallel')
    return together((state.Branches as readonly MachineDefinition[]).map((branch) => inner(branch, from.data, from.context as object)));
  const items = evaluated(String(state.ItemsPath ?? '$'), from) as readonly unknown[];
  if (state.MaxConcurrencyPath !== undefined) evaluated(String(state.MaxConcurrencyPath), from);
  const ends = items.map((item, index) => {
    const context = { ...(from.context as object), Map: { Item: { Index: index, Value: item } } };
    const input = state.ItemSelector === undefined ? item : filled(state.ItemSelector, { data: from.data, context });
    return inner(state.ItemProcessor as MachineDefinition, input, context);
  });
  return together(ends);
}

/** Lists in which each end of each branch stands at least once; none where a branch has no good end. */
function together(ends: readonly (readonly unknown[])[]): readonly unknown[] {
  if (ends.some((outputs) => outputs.length === 0)) return [];
  const most = Math.max(1, ...ends.map((outputs) => outputs.length));
  return Array.from({ length: most }, (_, at) => ends.map((outputs) => outputs[at % outputs.length]));
}

interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: string | null;
}

const CAUSE = JSON.stringify({ errorMessage: 'message', errorType: 'Error', trace: [] });

/** Every error of a Catch, as AWS puts it together; a time-out may come without a cause. */
function* caught({ Catch = [] }: StateDefinition, data: unknown): Generator<Step> {
  const catchers = Catch as readonly Catcher[];
  const isTimedOutBefore = catchers.some(({ ErrorEquals }) => ErrorEquals.includes('States.Timeout'));
  for (const { ErrorEquals, Next, ResultPath } of catchers) {
    for (const name of ErrorEquals) {
      const isTimeout = name === 'States.Timeout' || (name === 'States.ALL' && !isTimedOutBefore);
      if (name !== 'States.Timeout') yield [Next, put(data, ResultPath, { Error: name === 'States.ALL' ? 'Any' : name, Cause: CAUSE })];
      if (isTimeout) yield [Next, put(data, ResultPath, { Error: 'States.Timeout' })];
    }
  }
}

interface Rule {
  readonly Variable?: string;
  readonly And?: readonly Rule[];
  readonly Or?: readonly Rule[];
  readonly Not?: Rule;
  readonly Next: string;
  readonly [comparison: string]: unknown;
}

function* choice(name: string, state: StateDefinition, from: Sources, walking: Walking): Generator<Step> {
  for (const rule of state.Choices as readonly Rule[]) {
    const holds = truth(rule, from, walking);
    if (holds !== false) yield [rule.Next, from.data];
    if (holds === true) return;
  }
  if (state.Default === undefined) walking.problems.add(`${name}: no choice may match`);
  else yield [String(state.Default), from.data];
}

/** Null: the one or the other. */
function truth(rule: Rule, from: Sources, walking: Walking): boolean | null {
  if (rule.And !== undefined) return every(rule.And, (part) => truth(part, from, walking));
  if (rule.Or !== undefined) return negated(every(rule.Or, (part) => negated(truth(part, from, walking))));
  if (rule.Not !== undefined) return negated(truth(rule.Not, from, walking));
  const path = String(rule.Variable);
  if ('IsPresent' in rule) return isPresent(path, from) === rule.IsPresent;
  const value = evaluated(path, from);
  for (const [member, other] of Object.entries(rule)) if (member.endsWith('Path')) evaluated(String(other), from);
  if (!walking.isFixed(path)) return null;
  if ('BooleanEquals' in rule) return value === rule.BooleanEquals;
  if ('StringEquals' in rule) return value === rule.StringEquals;
  return null;
}

function negated(holds: boolean | null): boolean | null {
  return holds === null ? null : !holds;
}

/** Nobody asks further after the first that does not hold. */
function every(rules: readonly Rule[], holds: (rule: Rule) => boolean | null): boolean | null {
  let all: boolean | null = true;
  for (const rule of rules) {
    const part = holds(rule);
    if (part === false) return false;
    all = part === null ? null : all;
  }
  return all;
}

function isPresent(path: string, from: Sources): boolean {
  try {
    evaluated(path, from);
    return true;
  } catch (error) {
    if (error instanceof PathMissingError) return false;
    throw error;
  }
}

function nodeKey(state: string, data: unknown): string {
  return `${state} ${JSON.stringify(shape(data))}`;
}

/** Which members are there, and which of them are null; the values make no difference to a path. */
function shape(value: unknown): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, inner]) => [name, shape(inner)]),
    );
  return typeof value;
}
