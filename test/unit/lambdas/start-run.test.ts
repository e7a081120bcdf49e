import { describe, expect, it } from 'vitest';
import { pairParameters } from '../../../lambdas/aws/pair-parameters.ts';
import type { Watermark } from '../../../lambdas/run/watermark.ts';
import { silentInstruments } from '../../../lambdas/runtime/instruments.ts';
import { startRunHandler } from '../../../lambdas/start-run/handler.ts';
import { PairError, parsePair } from '../../../lambdas/start-run/pair.ts';
import { executionName, startRun } from '../../../lambdas/start-run/start-run.ts';
import { REQUEST } from './surroundings.ts';

interface Started {
  readonly name: string;
  readonly input: unknown;
  readonly machine: string;
}

/** Surroundings: pairs by name, a watermark, executions that remember their names. */
function surroundings(pairs: Readonly<Record<string, object>> = {}, watermark: Watermark | null = null) {
  const started: Started[] = [];
  const startExecution = async (name: string, input: unknown, machine: string) => {
    if (started.some((one) => one.name === name)) return false;
    started.push({ name, input, machine });
    return true;
  };
  const pairOf = async (name: string) => parsePair(JSON.stringify(pairs[name]), name);
  return { started, deps: { startExecution, pairOf, watermarkOf: async () => watermark } };
}

describe('start-run', () => {
  it('starts once what is delivered twice', async () => {
    const { deps, started } = surroundings();
    const event = { id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718', detail: { request: REQUEST } };
    const ends = [await startRun(event, deps), await startRun(event, deps)];
    expect(ends.map((end) => end.started)).toEqual([true, false]);
    expect(started).toEqual([{ name: event.id, input: REQUEST, machine: 'copy-run' }]);
  });

  it('makes names that Step Functions takes, and keeps apart what differs', () => {
    const given = ['a/b', 'a b', 'a:b', 'x'.repeat(100), `${'x'.repeat(100)}y`, 'as-it-is', 'nightly-2026-11-21T03:00:00Z'];
    const names = given.map(executionName);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
    expect(new Set(names).size).toBe(given.length);
    expect(names[5]).toBe('as-it-is');
  });

  it('starts a fan-out on its own machine', async () => {
    const { deps, started } = surroundings();
    await startRun({ name: 'n', request: { pairs: { a: REQUEST } } }, deps);
    expect(started[0]?.machine).toBe('fan-out');
  });

  it('starts a pair by its name, as it is written', async () => {
    const { deps, started } = surroundings({ logs: { request: REQUEST } }, { until: '2026-01-01T00:00:00Z', runId: 'r' });
    await startRun({ name: 'n', pair: 'logs' }, deps);
    expect(started[0]?.input).toEqual(REQUEST);
  });

  it('starts an incremental pair from its watermark, with the overlap; without one from the beginning', async () => {
    const logs = { request: { ...REQUEST, verify: true }, incremental: true, overlapMinutes: 60 };
    const later = surroundings({ logs }, { until: '2026-01-02T00:00:00.000Z', runId: 'r' });
    await startRun({ name: 'n', pair: 'logs' }, later.deps);
    expect(later.started[0]?.input).toEqual({ ...logs.request, filters: { modifiedAfter: '2026-01-01T23:00:00.000Z' } });
    const first = surroundings({ logs });
    await startRun({ name: 'n', pair: 'logs' }, first.deps);
    expect(first.started[0]?.input).toEqual(logs.request);
  });

  it.each([
    ['no JSON', '{'],
    ['verify true', JSON.stringify({ request: REQUEST, incremental: true })],
    ['request', '{}'],
    ['secret', JSON.stringify({ request: REQUEST, secret: 'x' })],
  ])('refuses a pair: %s', (why, text) => {
    expect(() => parsePair(text, '/pairs/logs')).toThrow(PairError);
    expect(() => parsePair(text, '/pairs/logs')).toThrow(why);
  });

  const context = {
    functionName: 'f',
    functionVersion: '1',
    invokedFunctionArn: 'a',
    memoryLimitInMB: '1',
    awsRequestId: 'r',
    getRemainingTimeInMillis: () => 60_000,
  };

  it.each([
    [{ name: 'nightly-2026-11-21T03:00:00Z', pair: 'logs' }],
    [{ name: 'n', request: REQUEST }],
    [{ id: 'i', 'detail-type': 'Export done', detail: { pair: 'logs' } }],
    [{ id: 'i', detail: { name: 'n', request: REQUEST } }],
  ])('takes %j', async (event) => {
    const { deps } = surroundings({ logs: { request: REQUEST } });
    expect(await startRunHandler(deps, silentInstruments('start-run'))(event, context)).toMatchObject({ started: true });
  });

  it.each([[{ name: 'n' }], [{ pair: 'logs' }], [{ name: 'n', pair: '../other' }], [{ name: '', request: REQUEST }]])('takes no %j', async (event) => {
    const { deps, started } = surroundings();
    await expect(startRunHandler(deps, silentInstruments('start-run'))(event, context)).rejects.toThrow();
    expect(started).toEqual([]);
  });
});

describe('pairs as parameters', () => {
  const client = (answer: unknown) => ({ send: (async () => (answer instanceof Error ? Promise.reject(answer) : answer)) as never });

  it('are read by their path, and one that is not there is none', async () => {
    expect(await pairParameters(client({ Parameter: { Value: '{}' } }), '/carillon/carillon/pairs')('logs')).toBe('{}');
    expect(await pairParameters(client(Object.assign(new Error('no'), { name: 'ParameterNotFound' })), '/p')('logs')).toBeNull();
    await expect(pairParameters(client(Object.assign(new Error('busy'), { name: 'ThrottlingException' })), '/p')('logs')).rejects.toThrow('busy');
  });
});
