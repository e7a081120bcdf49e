import { describe, expect, it } from 'vitest';
import { TaskError } from '../../../infra/local/engine/task-error.ts';
import { executed, machine, task } from './machine.ts';

const CATCH_ALL = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'caught' }];
const CAUGHT = { caught: { Type: 'Pass', End: true } };
const hang = (signal: AbortSignal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new TaskError('Cut', 'off')), { once: true }));

describe('an execution', () => {
  it('gives every handler its start and its ARN, in a branch too', async () => {
    const asks = { Parameters: { 'id.$': '$$.Execution.Id', 'at.$': '$$.Execution.StartTime' } };
    const definition = machine({
      alone: task('echo', { ...asks, ResultPath: '$.alone' }),
      both: { Type: 'Parallel', Branches: [machine({ inside: task('echo', asks) })], ResultPath: '$.both' },
    });
    const { end } = await executed(definition, { echo: async (input) => input });
    const given = { id: 'arn:aws:states:local:000000000000:execution:test:one', at: '2026-01-02T03:04:05.678Z' };
    expect(end).toEqual({ status: 'SUCCEEDED', output: { alone: given, both: [given] } });
  });

  it('replaces the whole state where the result path is $', async () => {
    const { end } = await executed(machine({ one: task('two', { ResultPath: '$' }) }), { two: async () => ({ b: 2 }) }, { input: { a: 1 } });
    expect(end).toEqual({ status: 'SUCCEEDED', output: { b: 2 } });
  });

  it('has time for tasks that may take a month', async () => {
    const { end } = await executed(machine({ one: task('quick', { TimeoutSeconds: 2_592_000 }) }, { TimeoutSeconds: 7_776_000 }), { quick: async () => 1 });
    expect(end).toEqual({ status: 'SUCCEEDED', output: 1 });
  });

  it('ends a task at its time as States.Timeout, and tells the task', async () => {
    let told = false;
    const definition = machine({ slow: task('slow', { TimeoutSeconds: 0.05, Catch: CATCH_ALL }), ...CAUGHT });
    const { end } = await executed(definition, {
      slow: (_, { signal }) =>
        hang(signal).finally(() => {
          told = true;
        }),
    });
    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { failure: { Error: 'States.Timeout' } } });
    expect(told).toBe(true);
  });

  it('catches an error under its name, with its cause', async () => {
    const definition = machine({ bad: task('bad', { Catch: CATCH_ALL }), ...CAUGHT });
    const { end } = await executed(definition, { bad: () => Promise.reject(new TaskError('Mine', 'because')) });
    expect(end).toEqual({ status: 'SUCCEEDED', output: { failure: { Error: 'Mine', Cause: 'because' } } });
  });

  it('ends as failed where nothing catches, and by a Fail state with its own words', async () => {
    const bad = { bad: () => Promise.reject(new TaskError('Mine', 'because')) };
    expect((await executed(machine({ bad: task('bad') }), bad)).end).toEqual({ status: 'FAILED', error: 'Mine', cause: 'because' });
    const fail = machine({ end: { Type: 'Fail', Error: 'Carillon.ObjectsFailed', CausePath: '$.why' } });
    expect((await executed(fail, {}, { input: { why: 'three' } })).end).toEqual({ status: 'FAILED', error: 'Carillon.ObjectsFailed', cause: 'three' });
  });

  it.each([
    ['a task', { one: task('x', { Parameters: { 'a.$': '$.nothing' }, Catch: CATCH_ALL }), ...CAUGHT }],
    ['a result selector', { one: task('x', { ResultSelector: { 'a.$': '$.nothing' }, Catch: CATCH_ALL }), ...CAUGHT }],
    ['a choice', { one: { Type: 'Choice', Choices: [{ Variable: '$.nothing', BooleanEquals: true, Next: 'caught' }], Default: 'caught' }, ...CAUGHT }],
    ['a map', { one: { Type: 'Map', ItemsPath: '$.nothing', ItemProcessor: machine({ in: { Type: 'Pass' } }), Catch: CATCH_ALL }, ...CAUGHT }],
    ['an output', { one: { Type: 'Pass', OutputPath: '$.nothing' } }],
  ])('ends as States.Runtime at a path of %s that does not exist, and States.ALL does not catch it', async (_, states) => {
    const { end, entered } = await executed(machine(states), { x: async () => ({}) });
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(entered).not.toContain('caught');
  });

  it('does not take null for a path that does not exist', async () => {
    const definition = machine({ one: { Type: 'Pass', Parameters: { 'b.$': '$.a' } } });
    expect((await executed(definition, {}, { input: { a: null } })).end).toEqual({ status: 'SUCCEEDED', output: { b: null } });
  });

  it('ends as States.DataLimitExceeded where a result is larger than 256 KiB, and States.ALL does not catch it', async () => {
    const definition = machine({ big: task('big', { Retry: [{ ErrorEquals: ['States.ALL'] }], Catch: CATCH_ALL }), ...CAUGHT });
    let calls = 0;
    const big = async () => {
      calls += 1;
      return 'ä'.repeat(131_072);
    };
    const { end } = await executed(definition, { big });
    expect({ end, calls }).toMatchObject({ end: { status: 'FAILED', error: 'States.DataLimitExceeded' }, calls: 1 });
  });

  it('ends likewise where the state between two tasks has grown beyond 256 KiB', async () => {
    const definition = machine({ a: task('half', { ResultPath: '$.a' }), b: task('half', { ResultPath: '$.b' }), c: task('hang', { ResultPath: null }) });
    const { end } = await executed(definition, { half: async () => 'x'.repeat(140_000), hang: (_, { signal }) => hang(signal) });
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  it('tries again as often as Retry says, and waits a shortened time', async () => {
    const definition = machine({ shy: task('shy', { Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 10, MaxAttempts: 2, MaxDelaySeconds: 60 }] }) });
    let calls = 0;
    const shy = async () => {
      calls += 1;
      if (calls < 3) throw new TaskError('Busy', '');
      return calls;
    };
    const { end, events } = await executed(definition, { shy });
    expect(end).toEqual({ status: 'SUCCEEDED', output: 3 });
    expect(events.filter(({ type }) => type === 'state.retried')).toHaveLength(2);
  });

  it('cuts off the other branches when one fails, and goes on by the catch of the Parallel', async () => {
    let cut = false;
    const Branches = [machine({ bad: task('bad') }), machine({ slow: task('slow') })];
    const definition = machine({ both: { Type: 'Parallel', Branches, Catch: CATCH_ALL }, ...CAUGHT });
    const { end } = await executed(definition, {
      bad: () => Promise.reject(new TaskError('Mine', 'because')),
      slow: (_, { signal }) =>
        hang(signal).finally(() => {
          cut = true;
        }),
    });
    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { failure: { Error: 'Mine' } } });
    expect(cut).toBe(true);
  });

  it('that is stopped cuts off its task, enters no further state and ends as aborted', async () => {
    const controller = new AbortController();
    let cut = false;
    const definition = machine({ slow: task('slow', { Catch: CATCH_ALL }), ...CAUGHT });
    const slow = (_: unknown, { signal }: { signal: AbortSignal }) => {
      controller.abort();
      return hang(signal).finally(() => {
        cut = true;
      });
    };
    const { end, entered } = await executed(definition, { slow }, { signal: controller.signal });
    expect({ end, entered, cut }).toEqual({ end: { status: 'ABORTED' }, entered: ['slow'], cut: true });
  });

  it('that takes longer than its own time ends as timed out', async () => {
    const { end } = await executed(machine({ slow: task('slow') }, { TimeoutSeconds: 0.05 }), { slow: (_, { signal }) => hang(signal) });
    expect(end).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  });

  it('tells each state that it enters and leaves', async () => {
    const { events } = await executed(machine({ a: { Type: 'Pass' }, b: { Type: 'Succeed' } }));
    expect(events.map((event) => [event.type, 'state' in event ? event.state : ''])).toEqual([
      ['state.entered', 'a'],
      ['state.exited', 'a'],
      ['state.entered', 'b'],
      ['state.exited', 'b'],
    ]);
  });
});
