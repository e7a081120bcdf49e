/** The demo's set, copied by the state machine with every EMR task on YARN, ends as the run on this machine ends. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { campanileChanges } from '../../../cli/demo/campanile-set.ts';
import { BUCKETS, fillSource } from '../../../cli/demo/demo-store.ts';
import { RECEIVER } from '../../../cli/demo/profiles.ts';
import { hadoopCluster } from '../../../infra/hadoop/hadoop-cluster.ts';
import type { RunPlan } from '../../../workflows/plan/run-plan.ts';
import { trinoEngine } from '../trino/athena-on-trino.ts';
import { startTrino, type Trino } from '../trino/daemon.ts';
import { contentsOf, demoRequest, openUploads, putAs } from './demo-buckets.ts';
import { type HadoopStage, hadoopStage } from './hadoop-stage.ts';
import { comparable, comparableBooks, ledgerOf, linesOf } from './ledgers.ts';
import { runHere } from './run-here.ts';

let stage: HadoopStage;
beforeAll(async () => {
  stage = await hadoopStage();
}, 300_000);
afterAll(() => stage?.close(), 60_000);

const WORK = { mappers: 3, reducers: 2 };

/** Ids of jobs that ran on YARN, not in a client's own process. */
const jobsOf = async () => {
  const answer = await fetch(`http://${stage.hadoop.history}/ws/v1/history/mapreduce/jobs`);
  return ((await answer.json()) as { jobs: { job: readonly { id: string; name: string; state: string }[] } }).jobs.job;
};

describe('a run with every step on YARN and the diff on Hive', { timeout: 600_000 }, () => {
  it('ends in the destination and the ledger of a run on this machine, row for row', async () => {
    // Something to compare with: objects that are the same, that are others and that nobody sent.
    for (const bucket of [BUCKETS.serverSide, BUCKETS.streamed])
      for (const key of ['00', 'parts/one/small', 'nobody sent this']) await putAs(stage.buckets, bucket, key, key);
    const request = { diff: { engine: 'hive', extras: true }, work: WORK };
    const here = await runHere(stage.buckets, stage.transport, join(stage.work, 'here'), demoRequest(stage.buckets, 'streamed', request));
    const there = await stage.run(demoRequest(stage.buckets, 'serverSide', request));
    expect(there.end, JSON.stringify(there.events.filter(({ type }) => type.endsWith('failed')))).toMatchObject({ status: 'SUCCEEDED' });
    expect(comparableBooks(there.output)).toEqual(comparableBooks(here.output));
    expect(comparable(await ledgerOf(there.directory, 4))).toEqual(comparable(await ledgerOf(here.directory, 4)));
    expect(contentsOf(stage.buckets, BUCKETS.serverSide)).toEqual(contentsOf(stage.buckets, BUCKETS.streamed));
    expect((await linesOf(there.directory, 'diff/try-1/extra')).toSorted()).toEqual(expect.arrayContaining([expect.stringMatching(/^nobody sent this\t/)]));
    expect(await openUploads(stage.buckets, BUCKETS.serverSide)).toEqual([]);
    const steps = there.events.flatMap((event) => (event.type === 'step.started' && event.args[0] === 'hadoop-streaming' ? [event.step] : []));
    expect((await jobsOf()).map(({ name, state }) => `${name} ${state}`).toSorted()).toEqual(steps.map((step) => `${step} SUCCEEDED`).toSorted());
  });

  it('a second time on the same metastore finds nothing to do, and its empty result is an input of the next step', async () => {
    const request = { ...demoRequest(stage.buckets, 'serverSide', { diff: { engine: 'hive' }, work: WORK }) } as Record<string, object>;
    for (const side of ['source', 'destination']) request[side] = { ...request[side], prefix: 'features/' };
    const { end, output, directory } = await stage.run(request);
    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    expect(output?.books?.outcomes).toMatchObject({ copied: { objects: 0 }, unchanged: { objects: 10 } });
    const plan = JSON.parse(Buffer.from((await directory.read('plan-2.json')) ?? []).toString()) as RunPlan;
    const { configuration, commands, env } = stage;
    const cluster = hadoopCluster({ configuration, commands, env });
    const { name, args, output: tasks } = plan.steps.planParts;
    expect(args).toContain(`${directory.base}/diff/try-1/to-copy`);
    expect(await cluster.run({ name, args }, new AbortController().signal)).toEqual({ status: 'completed' });
    expect(await linesOf(directory, tasks)).toEqual([]);
  });
});

describe('a run with every step on YARN and the diff on Trino', { timeout: 600_000 }, () => {
  let trino: Trino;
  beforeAll(async () => {
    const { accessKeyId, secretAccessKey } = RECEIVER;
    trino = await startTrino(join(stage.work, 'trino'), { endpointUrl: stage.buckets.workUrl, accessKeyId, secretAccessKey });
  }, 400_000);
  afterAll(() => trino?.stop());

  it('copies what has changed since, as a run on this machine does with DuckDB', async () => {
    await fillSource(stage.buckets.store, campanileChanges());
    const request = (engine: string) => ({ diff: { engine, extras: true }, work: WORK });
    const here = await runHere(stage.buckets, stage.transport, join(stage.work, 'here'), demoRequest(stage.buckets, 'streamed', request('hive')));
    const there = await stage.run(demoRequest(stage.buckets, 'serverSide', request('athena')), { athena: trinoEngine(trino.url) });
    expect(there.end, JSON.stringify(there.events.filter(({ type }) => type.endsWith('failed')))).toMatchObject({ status: 'SUCCEEDED' });
    expect(comparableBooks(there.output)).toEqual(comparableBooks(here.output));
    expect(there.output?.books?.outcomes).toMatchObject({ copied: { objects: 2 }, skipped: { objects: 5 } });
    expect(comparable(await ledgerOf(there.directory, 4))).toEqual(comparable(await ledgerOf(here.directory, 4)));
    expect(contentsOf(stage.buckets, BUCKETS.serverSide)).toEqual(contentsOf(stage.buckets, BUCKETS.streamed));
    expect((await there.directory.list('diff/try-1/to-copy')).every(({ path }) => path.endsWith('.gz'))).toBe(true);
    expect(there.events.flatMap((event) => (event.type === 'step.started' ? [event.args[0]] : []))).not.toContain('hive-script');
  });
});
