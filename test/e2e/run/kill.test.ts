/** A mapper's Node and then a whole node die while objects are copied: nothing is lost, nothing is doubled, nothing stays open. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKETS } from '../../../cli/demo/demo-store.ts';
import { NO_FAULTS } from '../../../infra/local/s3-store/faults/fault-rule.ts';
import { applicationMasters, type Contained, copyMappers } from './copy-mappers.ts';
import { contentsOf, demoRequest, openUploads } from './demo-buckets.ts';
import { type HadoopStage, hadoopStage } from './hadoop-stage.ts';
import { ledgerOf } from './ledgers.ts';

let stage: HadoopStage;
beforeAll(async () => {
  stage = await hadoopStage();
}, 300_000);
afterAll(() => stage?.close(), 60_000);

async function until<T>(what: string, test: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 240_000; Date.now() < end; await sleep(100)) {
    const found = await test();
    if (found !== undefined) return found;
  }
  throw new Error(`no ${what} after four minutes`);
}

const delayed = (milliseconds: number) =>
  ({ rules: [{ fault: 'delay', rate: 1, operations: ['CopyObject', 'UploadPartCopy'], milliseconds }], prefixLimits: null }) as const;
/** Answers of 2 s on average, so that no mapper comes to its own end before both strikes, nor before YARN gives the node up. */
const STRUCK = delayed(2_000);
/** And of 100 ms, so that what the lost node left behind works beside what takes its place. */
const SLOW = delayed(100);

/** Kills a mapper beside the ApplicationMaster, then the other node manager. @returns the mappers that the lost node left behind */
async function strike(): Promise<readonly Contained[]> {
  const mappers = () => copyMappers(stage.work);
  const first = await until('copy on both nodes', async () => {
    const [running, [master]] = [await mappers(), await applicationMasters(stage.work)];
    return running.some(({ node }) => node !== master?.node) ? running.find(({ node }) => node === master?.node) : undefined;
  });
  await sleep(2_000);
  const known = new Set((await mappers()).map(({ pid }) => pid));
  process.kill(first.pid, 'SIGKILL');
  await until('further attempt', async () => (await mappers()).find(({ pid }) => !known.has(pid)));
  const lost = (await mappers()).filter(({ node }) => node !== first.node);
  process.kill(stage.hadoop.pids[`nodemanager${lost[0]?.node}`] as number, 'SIGKILL');
  return lost;
}

async function lostNodes(): Promise<number> {
  const answer = await fetch(`http://${stage.configuration.get('yarn.resourcemanager.webapp.address')}/ws/v1/cluster/metrics`);
  return ((await answer.json()) as { readonly clusterMetrics: { readonly lostNodes: number } }).clusterMetrics.lostNodes;
}

describe('a copy on YARN', { timeout: 900_000 }, () => {
  it('survives the death of a mapper and of a node', async () => {
    const { store } = stage.buckets;
    store.faults.replace(STRUCK);
    const request = { work: { mappers: 3, reducers: 2, concurrency: 2 }, verify: true };
    const running = stage.run(demoRequest(stage.buckets, 'serverSide', request));
    const orphans = await strike();
    await sleep(1_000);
    const pids = async () => (await copyMappers(stage.work)).map(({ pid }) => pid);
    const known = await pids();
    expect(orphans).not.toEqual([]);
    expect(known, 'the mappers of the lost node live on').toEqual(expect.arrayContaining(orphans.map(({ pid }) => pid)));
    await until('loss of the node', async () => ((await lostNodes()) === 1 ? true : undefined));
    await until('mapper in their place', async () => (await pids()).find((pid) => !known.includes(pid)));
    store.faults.replace(SLOW);
    await until('end of the orphans', async () => ((await pids()).some((pid) => orphans.some((orphan) => orphan.pid === pid)) ? undefined : true));
    store.faults.replace(NO_FAULTS);

    const { end, output, events, directory } = await running;
    expect(end, JSON.stringify(events.filter(({ type }) => type.endsWith('failed')))).toMatchObject({ status: 'SUCCEEDED' });
    const troubled = events.flatMap((event) => (event.type === 'step.attempt-failed' && event.step === 'copy-objects.r1.t1' ? [event.cause] : []));
    expect(troubled).toEqual(expect.arrayContaining([expect.stringMatching(/code 137/), expect.stringMatching(/node/i)]));
    expect(output?.books).toMatchObject({ balanced: true, duplicates: 0, outcomes: { failed: { objects: 0 }, skipped: { objects: 5 } } });
    const rows = (await ledgerOf(directory, 4)).filter(({ outcome }) => outcome === 'copied');
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
    const source = contentsOf(stage.buckets, BUCKETS.source).filter((line) => !line.startsWith('archived/'));
    expect(contentsOf(stage.buckets, BUCKETS.serverSide)).toEqual(source);
    expect(await openUploads(stage.buckets, BUCKETS.serverSide)).toEqual([]);
  });
});
