import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDirectory } from '../../emr-steps/run-directory/open-run-directory.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { readSmallOutput, rowsBytes } from '../../emr-steps/run-directory/step-output.ts';
import type { S3Client, S3ClientOptions } from '../../emr-steps/s3/s3-client.ts';
import { undiciTransport } from '../../emr-steps/s3/undici-transport.ts';
import { type Store, startStore } from '../../infra/local/s3-store/store.ts';
import { storeClient } from '../helpers/store-client.ts';

let store: Store;
let folder = '';
let client: S3Client;
const transport = undiciTransport();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-directory-'));
  store = await startStore({ buckets: [{ name: 'runs', ownerId: '111122223333' }] });
  client = clientAs();
});
afterAll(async () => {
  await transport.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(Uint8Array.from(chunk));
  return Buffer.concat(parts).toString();
}

/** The same expectations of a directory of files, below a prefix, and at the root of a bucket. */
const PLACES = [
  ['on files', () => join(folder, 'run')],
  ['below a prefix', () => 's3://runs/some/where/run-1'],
  ['below a prefix that ends in a slash', () => 's3a://runs/else/'],
  ['at the root of a bucket', () => 's3://runs'],
] as const;

describe.each(PLACES)('a run directory %s', (_, base) => {
  const open = (): RunDirectory => runDirectory(base(), () => client);

  it('reads back what it wrote, whole and as a stream, and replaces it', async () => {
    const directory = open();
    await directory.write('plan-1.json', '{"a":1}');
    await directory.write('plan-1.json', Buffer.from('{"é":2}'));
    expect(Buffer.from((await directory.read('plan-1.json')) ?? []).toString()).toBe('{"é":2}');
    expect(await textOf(directory.openRead('plan-1.json'))).toBe('{"é":2}');
    await directory.write('empty', '');
    expect((await directory.read('empty'))?.length).toBe(0);
  });

  it('answers null for what is not there, and throws when it is opened', async () => {
    expect(await open().read('none.json')).toBeNull();
    await expect(textOf(open().openRead('none.json'))).rejects.toMatchObject({ code: 'RUN_FILE_MISSING' });
  });

  it('lists the files below a folder and no others, in byte order', async () => {
    const directory = open();
    for (const path of ['out/try-1/part-00001', 'out/try-1/part-00000', 'out/try-1/_SUCCESS', 'out/try-1/.part-00000.crc', 'out-of-it', 'out/a b+%2F'])
      await directory.write(path, path);
    const files = await directory.list('out');
    expect(files.map((file) => file.path)).toEqual(['out/a b+%2F', 'out/try-1/_SUCCESS', 'out/try-1/part-00000', 'out/try-1/part-00001']);
    expect(files.at(-1)?.size).toBe('out/try-1/part-00001'.length);
    expect(await directory.list('nothing')).toEqual([]);
  });

  it('serves as the output of a step', async () => {
    const directory = open();
    await expect(readSmallOutput(directory, 'step/try-1')).rejects.toThrow('holds no _SUCCESS');
    for (const [name, text] of [
      ['part-00000', 'a\n'],
      ['part-00001', 'b\nc\n'],
      ['_SUCCESS', ''],
    ] as const)
      await directory.write(`step/try-1/${name}`, text);
    expect(await readSmallOutput(directory, 'step/try-1')).toEqual(['a', 'b', 'c']);
    expect(await rowsBytes(directory, 'step/try-1')).toBe(6);
  });

  it('locates names as step arguments want them', () => {
    const directory = open();
    expect(directory.locate('source/try-1')).toBe(`${directory.base}/source/try-1`);
    expect(directory.base).not.toMatch(/\/$/);
    expect(() => directory.locate('../x')).toThrow('is no path inside the run directory');
  });
});

describe('a run directory in a bucket', () => {
  it('lists more files than one page holds', async () => {
    const directory = runDirectory('s3://runs/many', () => client);
    await Promise.all(Array.from({ length: 1005 }, (_, at) => directory.write(`stats/${String(at).padStart(4, '0')}.json`, '')));
    const files = await directory.list('stats');
    expect(files).toHaveLength(1005);
    expect(files.at(-1)?.path).toBe('stats/1004.json');
  });

  it('passes on what is no missing file', async () => {
    const elsewhere = runDirectory('s3://runs/x', () => clientAs({ credentials: null }));
    await expect(elsewhere.read('a')).rejects.toMatchObject({ status: 403 });
  });

  it('needs a bucket', () => {
    expect(() => runDirectory('s3://', () => client)).toThrow(expect.objectContaining({ code: 'RUN_PATH_INVALID' }));
  });
});

function clientAs(more: Partial<S3ClientOptions> = {}): S3Client {
  return storeClient({ url: store.url, bucket: 'runs', key: { accessKeyId: 'carillon', secretAccessKey: 'carillon-secret' }, transport }, more);
}
