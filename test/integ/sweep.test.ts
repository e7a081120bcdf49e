/** The sweep step against the embedded store: the run's uploads go, strangers' stay. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StepContext } from '../../emr-steps/hadoop/step-context.ts';
import { type ObjectRecord, objectRecord } from '../../emr-steps/records/object-record.ts';
import { type SweptUpload, sweptUpload } from '../../emr-steps/records/swept-upload.ts';
import { abortMultipartUpload } from '../../emr-steps/s3/abort-multipart-upload.ts';
import { createMultipartUpload } from '../../emr-steps/s3/create-multipart-upload.ts';
import { listMultipartUploads } from '../../emr-steps/s3/list-multipart-uploads.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { undiciTransport } from '../../emr-steps/s3/transport.ts';
import type { SweepingRun } from '../../emr-steps/sweep/own-uploads.ts';
import { type SweepOptions, sweepBySession, sweepUploads } from '../../emr-steps/sweep/sweep-uploads.ts';
import type { Answer } from '../../infra/local/s3-store/answer.ts';
import type { Arrival } from '../../infra/local/s3-store/server/interceptor.ts';
import { ServiceError } from '../../infra/local/s3-store/service-error.ts';
import { type Store, startStore } from '../../infra/local/s3-store/store.ts';
import { storeClient } from '../helpers/store-client.ts';
import { fakeContext } from '../unit/complete/fake-service.ts';

const ACCOUNT = { id: '111122223333', keys: [{ accessKeyId: 'ann', secretAccessKey: 'ann-secret' }] } as const;
const PREFIX = 'copies/';
const START = Date.parse('2026-11-20T12:00:00Z');

const transport = undiciTransport({ connections: 8 });
let store: Store;
let client: S3Client;
let clock = START;
let intercept: ((arrival: Arrival, proceed: () => Promise<Answer>) => Promise<Answer>) | null = null;

beforeAll(async () => {
  store = await startStore({
    accounts: [ACCOUNT],
    buckets: [{ name: 'to', ownerId: ACCOUNT.id }],
    signatures: 'off',
    now: () => clock,
    interceptors: [(arrival, proceed) => (intercept === null ? proceed() : intercept(arrival, proceed))],
  });
  client = storeClient({ url: store.url, bucket: 'to', key: ACCOUNT.keys[0], transport });
});

beforeEach(async () => {
  intercept = null;
  for await (const { key, uploadId } of listMultipartUploads(client, {})) await abortMultipartUpload(client, { key, uploadId });
});

afterAll(async () => {
  await transport.close();
  await store.close();
});

/** Begins an upload so many seconds after the run. */
async function begin(key: string, seconds: number): Promise<string> {
  clock = START + seconds * 1000;
  return (await createMultipartUpload(client, { key, storageClass: null, kept: {}, tags: [] })).uploadId;
}

async function open(): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const upload of listMultipartUploads(client, {})) keys.push(upload.key);
  return keys;
}

function options(run: Partial<SweepingRun> = {}): SweepOptions {
  return { destination: client, destinationPrefix: PREFIX, concurrency: 4, run: { startedAt: new Date(START), session: null, isOthers: () => false, ...run } };
}

const row = (key: string): ObjectRecord => ({ ...objectRecord.decode('k\te\t1\t2026-11-20 11:00:00'), key });

async function* rows(keys: readonly string[]): AsyncGenerator<readonly ObjectRecord[]> {
  for (const key of keys) yield [row(key)];
}

async function collect(swept: AsyncIterable<readonly SweptUpload[]>): Promise<readonly SweptUpload[]> {
  const all: SweptUpload[] = [];
  for await (const batch of swept) all.push(...batch);
  for (const one of all) expect(sweptUpload.decode(sweptUpload.encode(one))).toEqual(one);
  return all;
}

const sweep = (keys: readonly string[], change: SweepOptions = options(), context: StepContext = fakeContext()): Promise<readonly SweptUpload[]> =>
  collect(sweepUploads(change)(rows(keys), context));

describe('sweep-uploads', () => {
  test('aborts what was begun since the run for a key that was to be copied, and nothing else', async () => {
    const lost = await begin(`${PREFIX}a\tb`, 1);
    await begin(`${PREFIX}a\tb`, 2);
    await begin(`${PREFIX}not planned`, 3);
    await begin(`${PREFIX}older`, -1);
    await begin('elsewhere/a\tb', 4);
    const context = fakeContext();
    const swept = await sweep(['other', 'a\tb', 'a\tb', 'older'], options(), context);
    expect(swept.map(({ key, outcome, initiated }) => [key, outcome, initiated]).toSorted()).toEqual([
      ['a\tb', 'aborted', '2026-11-20 12:00:01'],
      ['a\tb', 'aborted', '2026-11-20 12:00:02'],
    ]);
    expect(swept.map((one) => one.uploadId)).toContain(lost);
    expect(await open()).toEqual([`${PREFIX}not planned`, `${PREFIX}older`, 'elsewhere/a\tb']);
    expect(context.counts.get('uploads-aborted')).toBe(2);
  });

  test('leaves uploads alone that another open run names', async () => {
    const theirs = await begin(`${PREFIX}a`, 1);
    const ours = await begin(`${PREFIX}a`, 1);
    const swept = await sweep(['a'], options({ isOthers: (id) => id === theirs }));
    expect(swept.map((one) => one.uploadId)).toEqual([ours]);
    expect(await open()).toEqual([`${PREFIX}a`]);
  });

  test('asks for no row where nothing is open, and for none behind the last that is', async () => {
    let read = 0;
    async function* counted(): AsyncGenerator<readonly ObjectRecord[]> {
      for (; read < 5; read += 1) yield [row(`k${read}`)];
    }
    expect(await collect(sweepUploads(options())(counted(), fakeContext()))).toEqual([]);
    expect(read).toBe(0);
    const [first, second] = [await begin(`${PREFIX}k0`, 1), await begin(`${PREFIX}k2`, 1)];
    expect((await collect(sweepUploads(options())(counted(), fakeContext()))).map(({ uploadId }) => uploadId)).toEqual([first, second]);
    expect(read).toBe(2);
  });

  test('says what it would abort in a dry run', async () => {
    await begin(`${PREFIX}a`, 1);
    expect(await sweep(['a'], options(), fakeContext({ dryRun: true }))).toEqual([expect.objectContaining({ key: 'a', outcome: 'aborted' })]);
    expect(await open()).toEqual([`${PREFIX}a`]);
  });

  test('writes a row for what it cannot abort, and for what is gone already', async () => {
    await begin(`${PREFIX}denied`, 1);
    await begin(`${PREFIX}gone`, 1);
    intercept = async ({ operation, request }, proceed) => {
      if (operation !== 'AbortMultipartUpload') return proceed();
      throw new ServiceError(
        request.headers.host !== undefined && decodeURIComponent(String(request.key)).includes('denied') ? 'AccessDenied' : 'NoSuchUpload',
      );
    };
    const swept = await sweep(['denied', 'gone']);
    expect(swept.map(({ outcome, reason }) => `${outcome} ${reason}`).toSorted()).toEqual(['failed access-denied', 'vanished null']);
  });
});

describe('without rows', () => {
  test('sweeps by session and start where the run has a session of its own', async () => {
    await begin(`${PREFIX}a`, 1);
    await begin(`${PREFIX}b`, -1);
    const initiator = '<Initiator><ID>arn:aws:sts::111122223333:assumed-role/copier/r1</ID><DisplayName>r1</DisplayName></Initiator>';
    intercept = async (_arrival, proceed) => {
      const answer = await proceed();
      return { ...answer, body: typeof answer.body === 'string' ? answer.body.replaceAll(/<Initiator>.*?<\/Initiator>/g, initiator) : answer.body };
    };
    expect(await collect(sweepBySession({ ...options(), run: { ...options().run, session: 'another' } }, fakeContext()))).toEqual([]);
    const swept = await collect(sweepBySession({ ...options(), run: { ...options().run, session: 'r1' } }, fakeContext()));
    expect(swept.map((one) => one.key)).toEqual(['a']);
  });
});
