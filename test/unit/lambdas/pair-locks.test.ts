import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3Client } from '../../../emr-steps/s3/s3-client.ts';
import { type ClosableTransport, undiciTransport } from '../../../emr-steps/s3/undici-transport.ts';
import { filePairLocks } from '../../../lambdas/lock/file-pair-locks.ts';
import { lockName, type PairLocks } from '../../../lambdas/lock/pair-locks.ts';
import { s3PairLocks } from '../../../lambdas/lock/s3-pair-locks.ts';
import { parseRequest } from '../../../workflows/request/parse-request.ts';
import { type FilledStore, filledStore } from '../../helpers/filled-store.ts';

let folder = '';
let filled: FilledStore;
let transport: ClosableTransport;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-locks-'));
  filled = await filledStore(folder);
  transport = undiciTransport({});
});
afterAll(async () => {
  await transport.close();
  await filled.close();
  await rm(folder, { recursive: true, force: true });
});

function onS3(): PairLocks {
  const credentials = async () => ({ accessKeyId: 'owner', secretAccessKey: 'owner-secret' });
  const limits = { userAgent: 'test', maxAttempts: 2, requestTimeoutMilliseconds: 10_000, maxRequestsPerSecond: 0 };
  return s3PairLocks(
    createS3Client({ bucket: 'one', region: 'eu-central-1', endpointUrl: filled.store.url, addressingStyle: 'path', credentials, transport, ...limits }),
    'locks',
  );
}

const holder = (executionArn: string) => ({ executionArn, runId: `run-of-${executionArn}`, runDirectory: '/x', since: '2026-01-02T03:04:05Z' });
const runs = async () => true;
const gone = async () => false;

describe.each([
  ['on S3', onS3],
  ['on files', () => filePairLocks(join(folder, 'locks'))],
])('locks of pairs %s', (where, make) => {
  it('are one holder’s at a time, and free once they are given back', async () => {
    const locks = make();
    const name = `${where}-1`.replace(' ', '');
    expect(await locks.take(name, holder('a'), runs)).toBeNull();
    expect(await locks.take(name, holder('b'), runs)).toMatchObject({ executionArn: 'a' });
    await locks.release(name, 'a');
    expect(await locks.take(name, holder('b'), runs)).toBeNull();
  });

  it('are taken again by whoever holds them', async () => {
    const locks = make();
    expect(await locks.take('again', holder('a'), runs)).toBeNull();
    expect(await locks.take('again', holder('a'), runs)).toBeNull();
  });

  it('are shared by forty children of one parent that ask at once', async () => {
    const locks = make();
    const children = Array.from({ length: 40 }, (_, at) => ({ ...holder('parent'), runId: `child-${at}` }));
    expect(new Set(await Promise.all(children.map((child) => locks.take('shared', child, runs))))).toEqual(new Set([null]));
    expect(await locks.take('shared', holder('b'), runs)).toMatchObject({ executionArn: 'parent' });
  });

  it('are given back only by their holder', async () => {
    const locks = make();
    await locks.take('other', holder('a'), runs);
    await locks.release('other', 'b');
    expect(await locks.take('other', holder('b'), runs)).toMatchObject({ executionArn: 'a' });
  });

  it('of a holder that no longer runs are one taker’s, however many come at once', async () => {
    const locks = make();
    await locks.take('stale', holder('dead'), runs);
    const isRunning = async ({ executionArn }: { executionArn: string }) => executionArn !== 'dead';
    const takers = Array.from({ length: 12 }, (_, at) => make().take('stale', holder(`t${at}`), isRunning));
    expect((await Promise.all(takers)).filter((other) => other === null)).toHaveLength(1);
  });

  it('are one taker’s where many begin at once', async () => {
    const takers = Array.from({ length: 12 }, (_, at) => make().take('fresh', holder(`t${at}`), runs));
    expect((await Promise.all(takers)).filter((other) => other === null)).toHaveLength(1);
  });

  it('that were lost to another are not given back by the first', async () => {
    const locks = make();
    await locks.take('lost', holder('a'), runs);
    await locks.take('lost', holder('b'), gone);
    await locks.release('lost', 'a');
    expect(await locks.take('lost', holder('c'), runs)).toMatchObject({ executionArn: 'b' });
  });
});

describe('a lock on files that cannot be read', () => {
  it('is an error, and not free', async () => {
    await mkdir(join(folder, 'unreadable', 'pair-1.json'), { recursive: true });
    await writeFile(join(folder, 'no-folder'), '');
    await expect(filePairLocks(join(folder, 'unreadable')).take('pair', holder('a'), runs)).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(filePairLocks(join(folder, 'no-folder')).release('pair', 'a')).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});

describe('the name of a lock', () => {
  const name = (source: object, destination: object) =>
    lockName(parseRequest({ source: { bucket: 'a', ...source }, destination: { bucket: 'b', ...destination } }));

  it('is of the two places alone', () => {
    expect(name({}, {})).toBe(name({ profile: 'x' }, { requestPayer: true }));
    const endpointUrl = 'https://s3.example';
    const others = [
      name({ prefix: 'x' }, {}),
      name({}, { prefix: 'x' }),
      name({ bucket: 'b' }, { bucket: 'a' }),
      name({ endpointUrl }, {}),
      name({}, { endpointUrl }),
    ];
    expect(new Set([name({}, {}), ...others]).size).toBe(6);
  });
});
