import { describe, expect, it } from 'vitest';
import { outcomeCount } from '../../../emr-steps/records/outcome-count.ts';
import type { RunDirectory } from '../../../emr-steps/run-directory/run-directory.ts';
import { notify } from '../../../lambdas/notify/notify.ts';
import { summarizeRun } from '../../../lambdas/summarize-run/summarize-run.ts';
import type { CaughtError } from '../../../workflows/plan/run-state.ts';
import { EXECUTION, prepared, surroundings } from './surroundings.ts';

/** A prepared run whose one round is counted. */
async function counted(outcome: 'copied' | 'failed', request: object = {}) {
  const run = await prepared(request);
  const reason = outcome === 'failed' ? ('access-denied' as const) : null;
  await run.directory.write('rounds/1/settled/try-1/part-00000', `${outcomeCount.encode({ outcome, reason, objects: 2, bytes: 20 })}\n`);
  await run.directory.write('rounds/1/settled/try-1/_SUCCESS', '');
  return run;
}

type Run = Awaited<ReturnType<typeof prepared>>;

const secondsOfSteps = async () => ({ 'list-source.t1': 1.5 });

function summarize({ deps }: Pick<Run, 'deps'>, failure: CaughtError | null = null, hasTime = () => true) {
  return summarizeRun({ ...EXECUTION, failure }, { ...deps, secondsOfSteps, hasTime });
}

async function json(directory: RunDirectory, file: string) {
  return JSON.parse(Buffer.from((await directory.read(file)) ?? []).toString());
}

describe('summarize-run', () => {
  it('writes books that balance, the seconds of the steps and the output contract', async () => {
    const run = await counted('copied');
    expect(await summarize(run)).toMatchObject({ done: true, status: 'succeeded', output: run.directory.locate('output.json') });
    expect(await json(run.directory, 'output.json')).toMatchObject({ status: 'succeeded', books: { balanced: true, outcomes: { copied: { objects: 2 } } } });
    expect(await json(run.directory, 'summary.json')).toMatchObject({ rounds: 1, seconds: 54.322, steps: { 'list-source.t1': 1.5 } });
    expect(run.deps.events.at(-1)).toMatchObject({ type: 'run.finished', status: 'succeeded' });
  });

  it('holds the requests against those that were foreseen, where somebody has', async () => {
    const run = await counted('copied');
    await run.directory.write('estimate.json', JSON.stringify({ requests: { CopyObject: 2 } }));
    await run.directory.write('_stats/copy-objects.r1/try-1/attempt_1.json', JSON.stringify({ requests: { CopyObject: 3 }, errors: {}, counts: {} }));
    await summarize(run);
    const { estimate } = await json(run.directory, 'summary.json');
    expect(estimate.total).toEqual({ estimated: 2, actual: 3, deviation: 0.5 });
  });

  it('ends as partial where objects failed, and says how many', async () => {
    const { status, cause } = await summarize(await counted('failed'));
    expect({ status, cause }).toMatchObject({ status: 'partial', cause: expect.stringContaining('2 objects failed') });
  });

  it.each([
    [1, false],
    [2, true],
  ])('of two objects that failed tolerates them where the request tolerates two: %i, %s', async (toleratedFailures, tolerated) => {
    expect(await summarize(await counted('failed', { toleratedFailures }))).toMatchObject({ status: 'partial', tolerated });
  });

  it('takes no run for a good one whose round was not counted', async () => {
    expect(await summarize(await prepared())).toMatchObject({ status: 'failed', cause: expect.stringContaining('no round was counted') });
  });

  it('takes no run for a good one that was to be verified and was not', async () => {
    expect(await summarize(await counted('copied', { verify: true }))).toMatchObject({ status: 'failed', cause: expect.stringContaining('was not made') });
  });

  it.each([
    [{ Error: 'Error', Cause: '{"errorMessage":"no space left","errorType":"Error"}' }, 'no space left'],
    [
      { Error: 'States.TaskFailed', Cause: '{"Step":{"Name":"copy-objects.r1.t2","Status":{"FailureDetails":{"Reason":"exit code 1"}}}}' },
      'step copy-objects.r1.t2 failed: exit code 1',
    ],
    [{ Error: 'States.Timeout', Cause: '' }, 'States.Timeout'],
    [{ Error: 'EMR.Any', Cause: 'plain words' }, 'EMR.Any: plain words'],
  ])('tells %j of a failed run in words', async (failure, words) => {
    const run = await counted('copied');
    await summarize(run, failure);
    expect(await json(run.directory, 'output.json')).toMatchObject({ status: 'failed', cause: words, books: null });
  });

  it('answers without a place where nothing was planned', async () => {
    expect(await summarize({ deps: surroundings() }, { Error: 'X', Cause: 'y' })).toMatchObject({ done: true, status: 'failed', output: '' });
  });

  it('comes back while statistics are left, goes on where it was, and counts each file once', async () => {
    const run = await counted('copied');
    const statistics = JSON.stringify({ requests: { CopyObject: 1 }, errors: {}, counts: {} });
    for (let at = 100; at < 250; at += 1) await run.directory.write(`_stats/copy-objects.r1/try-1/attempt_${at}.json`, statistics);
    await run.directory.write('_stats/copy-objects.r1/try-1/attempt_x.json', 'cut o');
    const onceEach = () => {
      let asked = 0;
      return () => {
        asked += 1;
        return asked < 2;
      };
    };
    const ends = [await summarize(run, null, onceEach()), await summarize(run, null, onceEach()), await summarize(run, null, onceEach())];
    expect(ends.map(({ done }) => done)).toEqual([false, false, true]);
    expect(await json(run.directory, 'summary.json')).toMatchObject({ requests: { CopyObject: 150 } });
  });
});

describe('notify', () => {
  const summary = { done: true, runId: 'r', status: 'partial', tolerated: false, output: '', cause: 'run r partial: 2 objects failed' } as const;

  it('tells every channel, and names the one that failed', async () => {
    const told: string[] = [];
    const publishers = [
      { name: 'bad', publish: () => Promise.reject(new Error('no topic')) },
      { name: 'good', publish: async ({ title, text }: { title: string; text: string }) => void told.push(title, text) },
    ];
    expect(await notify({ ...EXECUTION, summary }, { ...surroundings(), publishers })).toEqual({
      told: ['good'],
      failed: [{ publisher: 'bad', cause: 'Error: no topic' }],
    });
    expect(told).toEqual(['Carillon Run Partial', summary.cause]);
  });

  it('carries the output contract', async () => {
    const run = await counted('copied');
    const end = await summarize(run);
    const notices: unknown[] = [];
    await notify({ ...EXECUTION, summary: end }, { ...run.deps, publishers: [{ name: 'one', publish: async (notice) => void notices.push(notice) }] });
    expect(notices).toMatchObject([{ title: 'Carillon Run Succeeded', detail: { status: 'succeeded', books: { balanced: true } } }]);
  });
});
