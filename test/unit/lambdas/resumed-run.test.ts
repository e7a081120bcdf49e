import { describe, expect, it } from 'vitest';
import { prepareRun } from '../../../lambdas/prepare-run/prepare-run.ts';
import { runOfExecution } from '../../../lambdas/run/run-home.ts';
import { readRunRecord } from '../../../lambdas/run/run-record.ts';
import { stopCluster } from '../../../lambdas/stop-cluster/stop-cluster.ts';
import { parseRequest } from '../../../workflows/request/parse-request.ts';
import { EXECUTION, prepared, REQUEST } from './surroundings.ts';

const SECOND = { executionArn: `${EXECUTION.executionArn}-2`, startedAt: '2026-01-03T03:04:05.678Z' };

type Run = Awaited<ReturnType<typeof prepared>>;

/** A run that was cut off while it copied. */
async function stopped(request: object = {}): Promise<Run> {
  const run = await prepared(request, { isRunning: async () => false });
  for (const file of ['partitions/part.tsv', 'source/try-1/_SUCCESS', 'rounds/1/tasks/try-1/_SUCCESS']) await run.directory.write(file, '');
  for (const step of ['list-source.t1', 'plan-parts.r1.t1', 'copy-objects.r1.t1']) await run.directory.write(`_steps/${step}.json`, '{}');
  return run;
}

function resume({ deps, state }: Run, request: object = REQUEST) {
  return prepareRun({ ...SECOND, request: { ...request, resume: state.run.id } }, deps);
}

describe('prepare-run of a run that was cut off', () => {
  it('leaves out what is finished, and gives the next try to what was begun', async () => {
    const run = await stopped();
    const { run: same, plan, choices } = await resume(run);
    expect(same.id).toBe(run.state.run.id);
    expect(choices.splitPartitions).toBe(false);
    expect(Object.values(plan.steps).flatMap((step) => (step?.finished ? [step.name] : []))).toEqual(['list-source.t1', 'plan-parts.r1.t1']);
    expect(plan.steps.copyObjects).toMatchObject({ name: 'copy-objects.r1.t2', finished: false });
    expect(plan.steps.completeUploads.name).toBe('complete-uploads.r1.t1');
    expect(run.deps.events.at(-1)).toMatchObject({ type: 'run.resumed', runId: same.id, round: 1 });
  });

  it('where nobody wrote down what was begun gives the next try to every step that may have been', async () => {
    const run = await prepared({}, { isRunning: async () => false });
    await run.directory.write('source/try-1/_SUCCESS', '');
    const { plan, choices } = await resume(run);
    expect(choices.splitPartitions).toBe(true);
    expect([plan.steps.planParts.name, plan.steps.copyObjects.name]).toEqual(['plan-parts.r1.t2', 'copy-objects.r1.t1']);
  });

  it('plans and copies again where a sweep by session may have aborted the uploads', async () => {
    const run = await stopped();
    await run.directory.write('sweep/by-session.json', '{}');
    const { plan } = await resume(run);
    expect([plan.steps.planParts.name, plan.steps.copyObjects.name]).toEqual(['plan-parts.r1.t2', 'copy-objects.r1.t2']);
  });

  it('makes it the run of the new execution: its start stays, and whoever sees the execution finds it', async () => {
    const run = await stopped();
    await resume(run);
    expect(await runOfExecution(run.deps.home, SECOND)).toBe(run.state.run.id);
    expect(await readRunRecord(run.directory)).toMatchObject({ executionArn: SECOND.executionArn, startedAt: EXECUTION.startedAt });
    const find = () => Promise.reject(new Error('must not be asked'));
    const clusters = { find, terminate: find, stopSteps: find } as never;
    const late = stopCluster({ ...EXECUTION, reason: 'ABORTED' }, { ...run.deps, clusters, stopQueries: find, sweep: find } as never, 1000);
    await expect(late).resolves.toMatchObject({ done: true, terminated: [] });
  });

  it.each([
    ['it asks for something else', { ...REQUEST, rounds: 7 }, 'asked for something else: rounds'],
    ['it asks for another bucket', { ...REQUEST, source: { bucket: 'c' } }, 'asked for something else: source'],
  ])('refuses where %s', async (_, request, words) => {
    await expect(resume(await stopped(), request)).rejects.toMatchObject({ name: 'Carillon.Refused', message: expect.stringContaining(words) });
  });

  it('refuses a run that has ended, one that writes nothing, and one that nobody knows', async () => {
    const run = await stopped();
    await run.directory.write('output.json', '{"status":"partial"}');
    await expect(resume(run)).rejects.toThrow('has ended as partial');
    const dry = await prepared({ dryRun: true });
    await expect(resume(dry, { ...REQUEST, dryRun: true })).rejects.toThrow('writes nothing');
    const unknown = { ...run, state: { ...run.state, run: { ...run.state.run, id: 'nobody' } } };
    await expect(resume(unknown)).rejects.toThrow('holds no run that was begun');
  });

  it('refuses while its first execution runs', async () => {
    const run = await stopped();
    const busy = { ...run, deps: { ...run.deps, isRunning: async () => true } };
    await expect(resume(busy)).rejects.toThrow('is under way');
  });

  it('takes the request as the directory holds it', async () => {
    const run = await stopped({ rounds: 5 });
    const stored = JSON.parse(Buffer.from((await run.directory.read('request.json')) ?? []).toString('utf8'));
    expect(parseRequest(stored).rounds).toBe(5);
    await expect(resume(run, stored)).resolves.toBeDefined();
  });
});
