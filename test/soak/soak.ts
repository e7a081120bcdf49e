/**
 * `make soak`: a million virtual objects, one in twenty multipart, copied under the faults of the chaos test; prints what is claimed in
 * docs/reliability.md, and ends with 1 where a claim does not hold. Options: --objects N, --kill-seconds N, --orphan-seconds N.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { virtualBucket } from '../../infra/local/s3-store/virtual/virtual-bucket.ts';
import { attemptFailures, CHAOS, carillonUnderFaults, chaosStore, copiedRows, held, openUploads } from '../helpers/chaos.ts';

const { values } = parseArgs({
  options: {
    objects: { type: 'string', default: '1000000' },
    'kill-seconds': { type: 'string', default: '5' },
    'orphan-seconds': { type: 'string', default: '10' },
  },
});

function sameBuckets(source: Map<string, string>, destination: Map<string, string>): boolean {
  return source.size === destination.size && [...source].every(([key, row]) => destination.get(key) === row);
}

/** A task that takes longer than it is let live never ends: of four that run, each is killed every fourth time. */
function smallTasks(objects: number): readonly string[] {
  return ['--mappers', String(Math.max(16, Math.ceil(objects / 5_000))), '--reducers', String(Math.max(8, Math.ceil(objects / 20_000)))];
}

async function main(): Promise<void> {
  const objects = Number(values.objects);
  const folder = await mkdtemp(join(tmpdir(), 'carillon-soak-'));
  const store = await chaosStore(virtualBucket(`deep:${objects},multipart=0.05`));
  store.faults.replace({ rules: CHAOS, prefixLimits: null });
  const clusterFaults = { killEveryMilliseconds: Number(values['kill-seconds']) * 1000, orphanEveryMilliseconds: Number(values['orphan-seconds']) * 1000 };
  const began = performance.now();
  const words = ['copy', 's3://source', 's3://destination', '--rounds', '8', ...smallTasks(objects)];
  const { code, events, stderr } = await carillonUnderFaults(store, folder, words, clusterFaults);
  const seconds = (performance.now() - began) / 1000;
  const struck = { ...store.faults.struck };
  const requests = store.accessLog.counts().byOperation;
  store.faults.replace({ rules: [], prefixLimits: null });
  const claims = {
    'the command succeeded': code === 0,
    'every object is there with its ETag and size': sameBuckets(held(store, 'source'), held(store, 'destination')),
    'no upload is open': openUploads(store, 'destination') === 0,
    'the ledger has one copied row an object': (await copiedRows(folder)) === objects,
  };
  const end = events.find((event) => event.type === 'run.finished');
  console.log(JSON.stringify({ objects, seconds: Math.round(seconds), claims, struck, attemptFailures: attemptFailures(events), requests, end }, null, 2));
  await store.close();
  await rm(folder, { recursive: true, force: true });
  if (Object.values(claims).every(Boolean)) return;
  console.error(stderr);
  process.exitCode = 1;
}

await main();
