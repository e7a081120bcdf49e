/** The demo's set, copied by the state machine with every EMR task on YARN, ends as the run on this machine ends. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { campanileChanges } from '../../../cli/demo/campanile-set.ts';
import { BUCKETS, fillSource } from '../../../cli/demo/demo-store.ts';
import { RECEIVER, REGION } from '../../../cli/demo/profiles.ts';
import { main } from '../../../cli/main.ts';
import { hadoopCluster } from '../../../infra/hadoop/hadoop-cluster.ts';
import { hadoopRunHome } from '../../../infra/hadoop/run-home.ts';
import type { RunEvent } from '../../../workflows/events/run-event.ts';
import type { RunOutput } from '../../../workflows/events/run-output.ts';
import type { RunPlan } from '../../../workflows/plan/run-plan.ts';
import { capturedHost } from '../../helpers/captured-host.ts';
import { trinoEngine } from '../trino/athena-on-trino.ts';
import { startTrino, type Trino } from '../trino/daemon.ts';
import { contentsOf, demoRequest, openUploads, putAs, WORK_BUCKET } from './demo-buckets.ts';
import { type HadoopStage, hadoopStage } from './hadoop-stage.ts';
import { comparable, comparableBooks, ledgerOf, linesOf } from './ledgers.ts';
import { ROOT } from './root.ts';
import { runHere } from './run-here.ts';

let stage: HadoopStage;
beforeAll(async () => {
  stage = await hadoopStage();
}, 300_000);
afterAll(() => stage?.close(), 60_000);

const WORK = { mappers: 3, reducers: 2 };

/** The cluster of the stage, for steps without a run. */
const clusterHere = (events: RunEvent[] = []) => {
  const { configuration, commands, env } = stage;
  return hadoopCluster({ configuration, commands, env, events: (event) => events.push(event) });
};

/** Ids of jobs that ran on YARN, not in a client's own process. */
const jobsOf = async () => {
  const answer = await fetch(`http://${stage.hadoop.history}/ws/v1/history/mapreduce/jobs`);
  return ((await answer.json()) as { jobs: { job: readonly { id: string; name: string; state: string }[] } }).jobs.job;
};

describe('a run with every step on YARN and the diff on Hive', { timeout: 1_200_000 }, () => {
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
    expect(there.events.some((event) => event.type === 'step.progress' && event.progress.recordsIn > 0)).toBe(true);
    const steps = there.events.flatMap((event) => (event.type === 'step.started' && event.args[0] === 'hadoop-streaming' ? [event.step] : []));
    expect((await jobsOf()).map(({ name, state }) => `${name} ${state}`).toSorted()).toEqual(steps.map((step) => `${step} SUCCEEDED`).toSorted());
  });

  it('a second time on the same metastore, by the command, finds nothing to do, and its empty result is an input of the next step', async () => {
    const request = { ...demoRequest(stage.buckets, 'serverSide', { diff: { engine: 'hive' }, work: WORK }) } as Record<string, object>;
    for (const side of ['source', 'destination']) request[side] = { ...request[side], prefix: 'features/' };
    const file = join(stage.work, 'request.json');
    await writeFile(file, JSON.stringify(request));
    const base = `s3://${WORK_BUCKET}/by-command`;
    const host = capturedHost({ env: { ...stage.env, XDG_STATE_HOME: join(stage.work, 'state') }, root: ROOT });
    const words = ['run', file, '--cluster', 'hadoop', '--cluster-dir', base, '--run-dir', join(stage.work, 'by-command'), '--json'];
    expect([await main(words, host), host.stderr.text()]).toEqual([0, '']);
    const events = host.stdout
      .text()
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as RunEvent]));
    const started = events.find((event) => event.type === 'run.started');
    const { configuration, env, transport } = stage;
    const directory = hadoopRunHome({ base, configuration, env, transport }).directoryOf(started?.type === 'run.started' ? started.runId : '');
    const output = JSON.parse(Buffer.from((await directory.read('output.json')) ?? []).toString()) as RunOutput;
    expect(output.books?.outcomes).toMatchObject({ copied: { objects: 0 }, unchanged: { objects: 10 } });
    const plan = JSON.parse(Buffer.from((await directory.read('plan-2.json')) ?? []).toString()) as RunPlan;
    const { name, args, output: tasks } = plan.steps.planParts;
    expect(args).toContain(`${directory.base}/diff/try-1/to-copy`);
    expect(await clusterHere().run({ name, args }, new AbortController().signal)).toEqual({ status: 'completed' });
    expect(await linesOf(directory, tasks)).toEqual([]);
  });

  it('and the command that compares brings the rows of Hive here', async () => {
    for (const bucket of [BUCKETS.serverSide, BUCKETS.streamed]) await putAs(stage.buckets, bucket, 'features/nobody asked', 'x');
    const host = capturedHost({ env: { ...stage.env, XDG_STATE_HOME: join(stage.work, 'state') }, root: ROOT });
    const sides = [BUCKETS.source, BUCKETS.serverSide].map((bucket) => `s3://${bucket}/features/`);
    const reach = ['--endpoint-url', stage.buckets.store.url, '--region', REGION];
    const where = ['--cluster', 'hadoop', '--cluster-dir', `s3://${WORK_BUCKET}/compared`, '--run-dir', join(stage.work, 'compared')];
    // A step that failed once and was run again is told on standard error, and is no fault of the command.
    expect(await main(['diff', ...sides, ...reach, ...where, '--quiet'], host), host.stderr.text()).toBe(0);
    expect(host.stdout.text()).toMatch(/^extra\tnobody asked\t9dd4e461268c8034f5c8564e155c67a6\t1\t.*\n$/);
  });
});

describe('a step on YARN', { timeout: 300_000 }, () => {
  const job = (name: string, mapper: string, more: readonly string[] = []) => ({
    name,
    args: [
      ...['hadoop-streaming', '-D', `mapreduce.job.name=${name}`, '-D', 'mapreduce.job.tags=tag-of-a-run', '-D', 'mapreduce.job.reduces=0', ...more],
      ...['-mapper', mapper, '-input', `s3://${WORK_BUCKET}/steps/input`, '-output', `s3://${WORK_BUCKET}/steps/${name}`],
    ],
  });
  beforeAll(async () => {
    const { configuration, env, transport } = stage;
    await hadoopRunHome({ base: `s3://${WORK_BUCKET}`, configuration, env, transport })
      .directoryOf('steps')
      .write('input/part-00000', 'one\ntwo\n');
  });

  it('that fails tells the exit code and what the program said last', async () => {
    const events: RunEvent[] = [];
    const more = ['-D', 'mapreduce.map.maxattempts=2', '-D', 'mapreduce.job.maps=1'];
    const outcome = await clusterHere(events).run(
      job('failing', "bash -c 'cat > /dev/null; echo the disk is full >&2; exit 3'", more),
      new AbortController().signal,
    );
    expect(outcome).toMatchObject({ status: 'failed', cause: expect.stringMatching(/^attempt_\d+_\d+_m_000000_1: subprocess failed with code 3$/) });
    expect(outcome).toMatchObject({ log: expect.stringContaining('the disk is full') });
    expect(events.filter(({ type }) => type === 'step.attempt-failed')).toHaveLength(2);
  });

  it('that is cut off leaves no application behind', async () => {
    const controller = new AbortController();
    const running = clusterHere().run(job('endless', "bash -c 'cat > /dev/null; sleep 600'"), controller.signal);
    const apps = async (): Promise<readonly { readonly name: string; readonly state: string }[]> => {
      const answer = (await (await fetch(`http://${stage.hadoop.resourceManager}/ws/v1/cluster/apps`)).json()) as {
        apps: { app: readonly { name: string; state: string }[] };
      };
      return answer.apps.app.filter(({ name }) => name === 'endless');
    };
    while ((await apps())[0]?.state !== 'RUNNING') await sleep(300);
    controller.abort();
    expect(await running).toEqual({ status: 'cancelled' });
    expect((await apps()).map(({ state }) => state)).toEqual(['KILLED']);
  });
});

describe('a run with every step on YARN and the diff on Trino', { timeout: 1_200_000 }, () => {
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
