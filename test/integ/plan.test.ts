/** plan-parts against the embedded store: part maps of real uploads, and the uploads that it starts. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { planParts } from '../../emr-steps/plan/plan-parts.ts';
import { type CopyTask, copyTask } from '../../emr-steps/records/copy-task.ts';
import type { ObjectRecord } from '../../emr-steps/records/object-record.ts';
import { listMultipartUploads } from '../../emr-steps/s3/list-multipart-uploads.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { undiciTransport } from '../../emr-steps/s3/transport.ts';
import { type Store, startStore } from '../../infra/local/s3-store/store.ts';
import { ANN, clientOf, listed, type Planted, plant } from '../helpers/two-accounts.ts';
import { recordingContext, runAll } from '../unit/plan/fake-s3.ts';

const MIB = 1024 * 1024;
const transport = undiciTransport({ connections: 16 });
let store: Store;
let [source, destination] = [] as unknown as [S3Client, S3Client];

beforeAll(async () => {
  const buckets = ['from', 'to'].map((name) => ({ name, ownerId: ANN.id }));
  store = await startStore({ accounts: [ANN], buckets });
  [source, destination] = [clientOf(store, ANN, 'from', transport), clientOf(store, ANN, 'to', transport)];
});

beforeEach(() => {
  store.accessLog.reset();
});

afterAll(async () => {
  await transport.close();
  await store.close();
});

async function plan(records: readonly ObjectRecord[], partMap: 'computed' | 'swept' = 'computed', dryRun = false): Promise<readonly CopyTask[]> {
  const options = { source, destination, sourcePrefix: '', destinationPrefix: 'to/', partMap, storageClass: null, concurrency: 8 } as const;
  const tasks = await runAll(planParts(options), records, recordingContext({ dryRun }));
  return tasks.map((task) => copyTask.decode(copyTask.encode(task)));
}

async function planted(object: Planted): Promise<ObjectRecord> {
  await plant(source, object);
  const record = await listed(source, object.key);
  store.accessLog.reset();
  return record;
}

function sizesOf(tasks: readonly CopyTask[]): readonly (number | null)[] {
  return tasks.map((task) => (task.kind !== 'part' || task.range === null ? null : task.range.lastByte - task.range.firstByte + 1));
}

describe('the part map of a real upload', () => {
  test.each([
    ['5 MiB', [5 * MIB, 5 * MIB, 5 * MIB, 7]],
    ['8 MiB', [8 * MIB, 8 * MIB, 4 * MIB]],
    ['15 MiB', [15 * MIB, 1]],
    ['16 MiB, evenly', [16 * MIB, 16 * MIB]],
  ])('of parts of %s costs one HEAD', async (name, parts) => {
    const tasks = await plan([await planted({ key: `uniform ${name}`, parts })]);
    expect(sizesOf(tasks)).toEqual(parts);
    expect(tasks.every((task) => task.kind === 'part' && task.partMap === 'computed')).toBe(true);
    expect(store.accessLog.counts().byOperation).toEqual({ HeadObject: 1, CreateMultipartUpload: 1 });
  });

  test.each([
    ['larger later', [5 * MIB, 6 * MIB]],
    ['smaller in the middle', [8 * MIB, 5 * MIB, 5 * MIB, 5 * MIB]],
    ['empty at the end', [5 * MIB, 5 * MIB, 0]],
  ])('of unequal parts (%s) is swept', async (name, parts) => {
    const tasks = await plan([await planted({ key: `unequal ${name}`, parts })]);
    expect(sizesOf(tasks)).toEqual(parts);
    expect(tasks.every((task) => task.kind === 'part' && task.partMap === 'swept')).toBe(true);
    expect(store.accessLog.counts().byOperation).toMatchObject({ HeadObject: parts.length });
  });

  test('of one part, and of none that holds a byte, has no range', async () => {
    const records = [await planted({ key: 'one', parts: [6 * MIB] }), await planted({ key: 'nothing', parts: [0] })];
    const tasks = await plan(records);
    expect(tasks).toMatchObject([
      { kind: 'part', partNumber: 1, partCount: 1, range: null },
      { kind: 'part', partNumber: 1, partCount: 1, range: null },
    ]);
  });

  test('is swept when asked', async () => {
    const record = await planted({ key: 'asked', parts: [5 * MIB, 5 * MIB, 2] });
    expect(await plan([record], 'swept')).toMatchObject([{ partMap: 'swept' }, { partMap: 'swept' }, { partMap: 'swept' }]);
    expect(store.accessLog.counts().byOperation).toMatchObject({ HeadObject: 3 });
  });
});

test('an object of one request costs none, and a dry run starts no upload', async () => {
  const records = [await planted({ key: 'small', size: 10 }), await planted({ key: 'in-parts', parts: [5 * MIB, 1] })];
  const tasks = await plan(records, 'computed', true);
  expect(tasks.map((task) => task.kind).toSorted()).toEqual(['part', 'part', 'whole']);
  expect(store.accessLog.counts().byOperation).toEqual({ HeadObject: 1 });
});

test('every upload that it starts is that of a task', async () => {
  const begun: string[] = [];
  const tasks = await plan([await planted({ key: 'begun', parts: [5 * MIB, 1] })]);
  for await (const { key, uploadId } of listMultipartUploads(destination, { prefix: 'to/begun' })) begun.push(`${key} ${uploadId}`);
  expect(begun).toEqual([`to/begun ${tasks[0]?.kind === 'part' ? tasks[0].uploadId : ''}`]);
});
