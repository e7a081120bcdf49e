import { describe, expect, it } from 'vitest';
import { concludeRun } from '../../../lambdas/conclude-run/conclude-run.ts';
import { endedExecution } from '../../../lambdas/conclude-run/ended-execution.ts';
import { notify } from '../../../lambdas/notify/notify.ts';
import { summarizeRun } from '../../../lambdas/summarize-run/summarize-run.ts';
import { EXECUTION, prepared, surroundings } from './surroundings.ts';

const ABORTED = { ...EXECUTION, failure: { Error: 'ABORTED', Cause: '' } };

function around(deps: ReturnType<typeof surroundings>) {
  const told: string[] = [];
  const publishers = [{ name: 'people', publish: async ({ title }: { title: string }) => void told.push(title) }];
  return { told, deps: { ...deps, publishers, secondsOfSteps: async () => ({}), hasTime: () => true } };
}

describe('conclude-run', () => {
  it('draws up the books of a run that was stopped, as far as they go, and tells people, each once', async () => {
    const run = await prepared();
    const { told, deps } = around(run.deps);
    expect(await concludeRun(ABORTED, deps)).toEqual({ summarized: true, told: true, done: true });
    expect(await concludeRun(ABORTED, deps)).toEqual({ summarized: false, told: false, done: true });
    expect(told).toEqual(['Carillon Run Failed']);
    expect(JSON.parse(Buffer.from((await run.directory.read('output.json')) ?? []).toString())).toMatchObject({ status: 'failed', cause: 'ABORTED' });
  });

  it('tells what the books said where the execution failed after them, and leaves them as they are', async () => {
    const run = await prepared({ dryRun: true });
    const { told, deps } = around(run.deps);
    await run.directory.write('rounds/1/settled/try-1/_SUCCESS', '');
    await summarizeRun({ ...EXECUTION, failure: null }, deps);
    expect(await concludeRun(ABORTED, deps)).toEqual({ summarized: false, told: true, done: true });
    expect(told).toEqual(['Carillon Run Succeeded']);
  });

  it('has nothing to do where the machine has done it all', async () => {
    const run = await prepared();
    const { told, deps } = around(run.deps);
    const summary = await summarizeRun({ ...EXECUTION, failure: { Error: 'X', Cause: 'y' } }, deps);
    await notify({ ...EXECUTION, summary }, deps);
    expect(await concludeRun(ABORTED, deps)).toEqual({ summarized: false, told: false, done: true });
    expect(told).toHaveLength(1);
  });

  it('tells again where telling failed', async () => {
    const run = await prepared();
    const { told, deps } = around(run.deps);
    const broken = { ...deps, publishers: [{ name: 'people', publish: () => Promise.reject(new Error('no topic')) }] };
    expect(await concludeRun(ABORTED, broken)).toMatchObject({ summarized: true, told: false });
    expect(await concludeRun(ABORTED, deps)).toMatchObject({ summarized: false, told: true });
    expect(told).toHaveLength(1);
  });

  it('tells of a run that was never prepared, but not of one that was refused', async () => {
    const { told, deps } = around(surroundings());
    expect(await concludeRun({ ...EXECUTION, failure: { Error: 'Carillon.Refused', Cause: 'no such bucket' } }, deps)).toMatchObject({ told: false });
    expect(await concludeRun(ABORTED, deps)).toMatchObject({ summarized: true, told: true });
    expect(told).toEqual(['Carillon Run Failed']);
  });

  it('leaves a run alone that another execution has resumed', async () => {
    const run = await prepared();
    const { told, deps } = around(run.deps);
    await run.directory.write(
      'run.json',
      Buffer.from((await run.directory.read('run.json')) ?? [])
        .toString()
        .replace(EXECUTION.executionArn, 'another'),
    );
    expect(await concludeRun(ABORTED, deps)).toEqual({ summarized: false, told: false, done: true });
    expect(told).toEqual([]);
  });

  it.each([
    ['FAILED', { error: 'States.Runtime', cause: 'why' }, { Error: 'States.Runtime', Cause: 'why' }],
    ['ABORTED', {}, { Error: 'ABORTED', Cause: '' }],
    ['SUCCEEDED', {}, null],
  ])('reads the event of an execution that ended as %s', (status, more, failure) => {
    const detail = { executionArn: EXECUTION.executionArn, startDate: Date.parse(EXECUTION.startedAt), status, ...more };
    const event = { source: 'aws.states', 'detail-type': 'Step Functions Execution Status Change', detail };
    expect(endedExecution.parse(event)).toEqual({ ...EXECUTION, failure });
  });
});
