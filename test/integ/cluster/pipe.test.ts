/** The bundled programs in a shell's pipe, as Campanile's were used. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ledgerRow } from '../../../emr-steps/records/ledger-row.ts';
import { DEFAULT_ACCOUNT, type Store, startStore } from '../../../infra/local/s3-store/store.ts';

const BUILD = resolve(import.meta.dirname, '../../../build');
const [KEY] = DEFAULT_ACCOUNT.keys;
const PART = Buffer.alloc(5 * 1024 * 1024, 'a');

let store: Store;
let client: S3Client;
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'pipe-'));
  store = await startStore({
    buckets: [
      { name: 'from', ownerId: DEFAULT_ACCOUNT.id },
      { name: 'to', ownerId: DEFAULT_ACCOUNT.id },
    ],
  });
  client = new S3Client({
    region: 'us-east-1',
    endpoint: store.url,
    forcePathStyle: true,
    credentials: KEY as { accessKeyId: string; secretAccessKey: string },
  });
  for (const key of ['00/a', '00/b\tc', '00/é', '01/left-out']) await client.send(new PutObjectCommand({ Bucket: 'from', Key: key, Body: Buffer.from(key) }));
  await putInParts('00/large');
});
afterAll(async () => {
  client.destroy();
  await store.close();
  await rm(home, { recursive: true });
});

async function putInParts(key: string): Promise<void> {
  const target = { Bucket: 'from', Key: key };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
  const parts = [];
  for (const [at, Body] of [PART, PART, Buffer.from('end')].entries()) {
    const { ETag } = await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: at + 1, Body }));
    parts.push({ PartNumber: at + 1, ETag });
  }
  await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts } }));
}

async function shell(script: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    AWS_ACCESS_KEY_ID: KEY?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEY?.secretAccessKey,
    RUN: join(BUILD, 'node', 'run.sh'),
    STEPS: join(BUILD, 'steps'),
    ONE: `--bucket from --endpoint-url ${store.url}`,
    BOTH: `--source-bucket from --source-endpoint-url ${store.url} --destination-bucket to --destination-endpoint-url ${store.url} --destination-prefix copy/`,
  };
  return await promisify(execFile)('bash', ['-o', 'pipefail', '-c', script], { env, maxBuffer: 64 * 1024 * 1024 });
}

const LIST = 'echo ,00 | $RUN $STEPS/list-objects.js $ONE';
const PLAN = '$RUN $STEPS/plan-parts.js $BOTH';
const COPY = '$RUN $STEPS/copy-objects.js $BOTH';
const COMPLETE = '$RUN $STEPS/complete-uploads.js $BOTH';

it('the programs pipe: listed, planned, copied and completed with every ETag kept', async () => {
  const { stdout, stderr } = await shell([LIST, PLAN, COPY, COMPLETE].join(' | '));
  const rows = stdout.trimEnd().split('\n').sort().map(ledgerRow.decode);
  expect(rows.map(({ key, outcome, parts }) => [key, outcome, parts])).toEqual([
    ['00/a', 'copied', 0],
    ['00/b\tc', 'copied', 0],
    ['00/large', 'copied', 3],
    ['00/é', 'copied', 0],
  ]);
  for (const { key, destinationKey, sourceEtag } of rows) {
    const [from, to] = await Promise.all([
      client.send(new HeadObjectCommand({ Bucket: 'from', Key: key })),
      client.send(new HeadObjectCommand({ Bucket: 'to', Key: destinationKey })),
    ]);
    expect(to.ETag).toBe(from.ETag);
    expect(to.ETag).toBe(`"${sourceEtag}"`);
    expect(destinationKey).toBe(`copy/${key}`);
  }
  expect(stderr).toMatch(/^reporter:counter:carillon,records out,\d+$/m);
  expect(stderr).toMatch(/^reporter:status:/m);
});

it('what was joined is reconciled in a pipe too', async () => {
  const listing = join(home, 'listing');
  await shell(`${LIST} > ${listing}`);
  const sides = [
    `$RUN $STEPS/reconcile.js --role mapper --side to-copy < ${listing}`,
    `${PLAN} --dry-run < ${listing} | ${COPY} --dry-run | ${COMPLETE} --dry-run | $RUN $STEPS/reconcile.js --role mapper --side ledger`,
  ];
  const { stdout } = await shell(`{ ${sides.join('; ')}; } | $RUN $STEPS/reconcile.js`);
  expect(stdout.trimEnd().split('\n').length).toBeGreaterThan(0);
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .reduce((sum, line) => sum + Number(line.split('\t')[2]), 0),
  ).toBe(4);
});

it('a program fails the pipe when its reader goes away', async () => {
  await expect(shell(`yes ,00 | head -n 20000 | $RUN $STEPS/list-objects.js $ONE | head -n 1`)).rejects.toMatchObject({
    stderr: expect.stringContaining('list-objects: OUTPUT_CLOSED: '),
  });
});

it('a bucket that is not there is one clear line and exit code 1', async () => {
  await expect(shell('echo ,00 | $RUN $STEPS/list-objects.js $ONE --bucket nowhere --region us-east-1')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^list-objects: NoSuchBucket: ListObjectsV2 s3:\/\/nowhere[^\n]*\n$/m),
  });
});
