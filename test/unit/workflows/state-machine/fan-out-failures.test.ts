import { describe, expect, it } from 'vitest';
import type { Binding } from '../../../../infra/local/engine/bindings.ts';
import { type MachineDefinition, placedStates } from '../../../../infra/local/engine/definition.ts';
import { execute } from '../../../../infra/local/engine/execute.ts';
import { TaskError, TerminalError } from '../../../../infra/local/engine/task-error.ts';
import type { FanOutResult } from '../../../../workflows/plan/fan-out-state.ts';
import { definitionOf, MACHINES } from '../../../../workflows/state-machine/definition.ts';
import { HANDLERS, handlerOf, placeholder } from '../../../../workflows/state-machine/handlers.ts';
import { answerOf } from '../../../helpers/machine-samples.ts';

type Injection = (state: string, call: number) => Error | 'stop' | null;

const definition = definitionOf(MACHINES['fan-out']) as MachineDefinition;
const tasks = placedStates(definition).filter(({ state }) => state.Type === 'Task');
const answer = answerOf({});

/** Runs a fan-out of two children, each of which is tried twice; the handlers answer as they would, as far as the machine looks. */
async function ran(inject: Injection) {
  const stop = new AbortController();
  const calls: string[] = [];
  const bound =
    (call: string): Binding =>
    async (input, { state }) => {
      calls.push(state);
      const fault = inject(state, calls.filter((name) => name === state).length);
      if (fault === 'stop') {
        stop.abort();
        return await new Promise((resolve) => setTimeout(resolve, 20));
      }
      if (fault !== null) throw fault;
      return answered(call, input);
    };
  const end = await execute({
    ...{ definition, arn: 'arn:aws:states:eu-central-1:1:execution:fan-out:one', name: 'one', startedAt: new Date(), input: {}, emit: () => {} },
    bindings: {
      calls: { 'lambda:invoke': bound('lambda:invoke'), 'states:startExecution.sync:2': bound('states:startExecution.sync:2') },
      functions: new Set(Object.values(HANDLERS).map(placeholder)),
    },
    signal: stop.signal,
    waitFactor: 0,
  });
  return { end, calls, count: (...names: readonly string[]) => calls.filter((name) => names.includes(name)).length };
}

/** The sum is bad where a child is. */
function answered(call: string, input: Readonly<Record<string, unknown>>): unknown {
  const given = answer(call, input) as { readonly Payload?: object };
  const handler = handlerOf(String(input.FunctionName));
  if (handler === 'prepare-fan-out') return { Payload: { ...given.Payload, children: ['a', 'b'].map((name) => ({ name, input: {} })) } };
  if (handler !== 'summarize-fan-out') return given;
  const { children } = input.Payload as { readonly children: readonly FanOutResult[] };
  return { Payload: { ...given.Payload, status: children.every(({ succeeded }) => succeeded) ? 'succeeded' : 'failed' } };
}

const RELEASES = ['Release locks', 'Release locks of failed fan-out'] as const;
const NOTICES = ['Notify', 'Notify of failure'] as const;
/** When one of these fails, the fan-out goes on as if it had not. */
const GOES_ON = new Set<string>([...RELEASES, ...NOTICES]);

/** States of the failure path are reached by a sum that cannot be drawn up. */
const baseOf =
  (name: string): Injection =>
  (state) =>
    state === 'Summarize fan-out' && / of fail/.test(name) ? new TaskError('Injected', 'on purpose') : null;
const lasting =
  (name: string, fault: Error | 'stop', most = Number.POSITIVE_INFINITY): Injection =>
  (state, call) =>
    state === name && call <= most ? fault : baseOf(name)(state, call);
const retryOf = (name: string) =>
  (tasks.find((task) => task.name === name)?.state.Retry as readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts: number }[])[0];

describe('a failure of each Task of a fan-out', () => {
  const names = tasks.map(({ name }) => name);

  it('is tried where nothing fails too', async () => {
    const { end, count } = await ran(() => null);
    expect(end.status).toBe('SUCCEEDED');
    expect({ children: count('Run child'), told: count(...NOTICES), released: count(...RELEASES) }).toEqual({ children: 2, told: 1, released: 1 });
  });

  it.each(
    names.flatMap((name) => [
      [name, 'an error', new TaskError('Injected', 'on purpose')] as const,
      [name, 'a time-out', new TaskError('States.Timeout', '')] as const,
      [name, 'throttling that lasts', new TaskError(retryOf(name)?.ErrorEquals[0] ?? '', 'Rate exceeded')] as const,
    ]),
  )('%s by %s tells people once, gives the locks back and ends as its books say', async (name, what, error) => {
    const { end, count } = await ran(lasting(name, error));
    if (GOES_ON.has(name)) expect(end.status).toBe(/ of fail/.test(name) ? 'FAILED' : 'SUCCEEDED');
    else expect(end).toMatchObject({ status: 'FAILED', error: 'Carillon.RunFailed' });
    const asked = what === 'throttling that lasts' ? (retryOf(name)?.MaxAttempts ?? 0) + 1 : 1;
    expect(count(...NOTICES)).toBe((NOTICES as readonly string[]).includes(name) ? asked : 1);
    expect(count(...RELEASES)).toBe((RELEASES as readonly string[]).includes(name) ? asked : 1);
  });

  it('of a child is tried again under a new name, unless it ran out of time', async () => {
    expect((await ran(lasting('Run child', new TaskError('Injected', 'on purpose')))).count('Run child')).toBe(4);
    expect((await ran(lasting('Run child', new TaskError('States.Timeout', '')))).count('Run child')).toBe(2);
  });

  it.each(names)('%s by throttling that heals changes nothing', async (name) => {
    const { end, count } = await ran(lasting(name, new TaskError(retryOf(name)?.ErrorEquals[0] ?? '', 'Rate exceeded'), 2));
    expect(end.status).toBe(/ of fail/.test(name) ? 'FAILED' : 'SUCCEEDED');
    expect(count('Summarize fan-out')).toBe(name === 'Summarize fan-out' ? 3 : 1);
  });

  it.each(names)('%s by what nothing catches, or by being stopped, ends at once: the rule gives the locks back', async (name) => {
    const runtime = await ran(lasting(name, new TerminalError('States.Runtime', 'on purpose')));
    expect(runtime.end).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    const stopped = await ran(lasting(name, 'stop'));
    expect(stopped.end.status).toBe('ABORTED');
    expect(stopped.calls.at(-1)).toBe(name);
  });
});
