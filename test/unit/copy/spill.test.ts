import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readlink, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CopyRules } from '../../../emr-steps/copy/copy-rules.ts';
import { SpillFailedError, SpillFile, STAGED_BYTES } from '../../../emr-steps/copy/spill-file.ts';
import { SpillSpace } from '../../../emr-steps/copy/spill-space.ts';
import { type StreamingOptions, streaming } from '../../../emr-steps/copy/streaming.ts';
import { bodyBytes, fakeClient, type Handler, s3Error } from '../plan/fake-s3.ts';
import { chunks, getAnswer, MD5, md5, part, someBytes, whole } from './tasks.ts';

const MIB = 1024 * 1024;
const NEVER = new AbortController().signal;
const PLENTY = async (): Promise<number> => 1024 ** 4;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spill-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function bytesOf(file: SpillFile): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(file.read()));
}

describe('a spill file', () => {
  test.each([
    0,
    1,
    STAGED_BYTES,
    STAGED_BYTES + 1,
    3 * STAGED_BYTES + 7,
  ])('of %d bytes gives them back, as often as it takes, and has no name', async (size) => {
    const file = await SpillFile.in(directory);
    expect(await readdir(directory)).toEqual([]);
    const bytes = someBytes(size);
    for await (const chunk of chunks(bytes, 300_007)) await file.add(chunk);
    await file.end();
    expect(file.writtenBytes).toBe(size);
    expect(md5(await bytesOf(file))).toBe(md5(bytes));
    expect(md5(await bytesOf(file))).toBe(md5(bytes));
    await file.close();
  });

  test('takes over its bytes: the chunk may be used again', async () => {
    const file = await SpillFile.in(directory);
    const chunk = Buffer.from('abc');
    await file.add(chunk);
    chunk.fill(0);
    await file.end();
    expect((await bytesOf(file)).toString()).toBe('abc');
    await file.close();
  });

  test('begins again with fewer bytes', async () => {
    const file = await SpillFile.in(directory);
    await file.add(someBytes(2 * MIB));
    file.restart();
    await file.add(Buffer.from('new'));
    await file.end();
    expect((await bytesOf(file)).toString()).toBe('new');
    await file.close();
  });

  test.skipIf(!existsSync('/proc/self/fd'))('that the disk cut short fails, rather than to give fewer bytes or none for ever', async () => {
    const file = await SpillFile.in(directory);
    await file.add(someBytes(2 * MIB));
    await file.end();
    const open = await Promise.all((await readdir('/proc/self/fd')).map(async (fd) => [fd, await readlink(`/proc/self/fd/${fd}`).catch(() => '')] as const));
    const [[fd] = []] = open.filter(([, path]) => path.startsWith(directory));
    await truncate(`/proc/self/fd/${fd}`, MIB);
    await expect(bytesOf(file)).rejects.toThrow(`failed: ${MIB} of ${2 * MIB} bytes can be read`);
    await file.close();
  });

  test('is not made where nobody can write, and says which directory failed', async () => {
    await expect(SpillFile.in(join(directory, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
    const file = await SpillFile.in(directory);
    await file.add(someBytes(MIB));
    await file.close();
    await expect(bytesOf(file)).rejects.toThrow(SpillFailedError);
    await expect(file.add(someBytes(MIB))).rejects.toMatchObject({ code: 'SPILL_FAILED', retryable: true, message: expect.stringContaining(directory) });
  });
});

describe('the room of a program', () => {
  test('is where most is free beyond what is promised to open files', async () => {
    const [a, b] = [await mkdtemp(join(tmpdir(), 'a-')), await mkdtemp(join(tmpdir(), 'b-'))];
    const asked: string[] = [];
    const free: Readonly<Record<string, number>> = { [a]: 1000 * MIB, [b]: 900 * MIB };
    const space = new SpillSpace([a, b], async (path) => {
      asked.push(path);
      return free[path] as number;
    });
    const first = await space.takeNow(200 * MIB);
    const second = await space.takeNow(200 * MIB);
    // 1000 - 256 - 200 in the one, 900 - 256 - 200 in the other
    expect(await space.takeNow(545 * MIB)).toBeNull();
    const third = await space.takeNow(544 * MIB);
    expect([first, second, third].every((room) => room !== null)).toBe(true);
    await Promise.all([first?.close(), second?.close(), third?.close()]);
    const again = await space.takeNow(744 * MIB);
    expect(again).not.toBeNull();
    await again?.close();
    await again?.close();
    expect(new Set(asked)).toEqual(new Set([a, b]));
    await Promise.all([rm(a, { recursive: true }), rm(b, { recursive: true })]);
  });

  test('counts what an open file has written once: by the disk', async () => {
    let free = 300 * MIB;
    const space = new SpillSpace([directory], async () => free);
    const room = await space.takeNow(20 * MIB);
    await room?.file.add(someBytes(20 * MIB));
    await room?.file.end();
    free -= 20 * MIB;
    const other = await space.takeNow(24 * MIB);
    expect(other).not.toBeNull();
    await Promise.all([room?.close(), other?.close()]);
  });

  test('is none without directories, in those that are missing, and where nobody can say what is free', async () => {
    expect(await new SpillSpace([], PLENTY).takeNow(1)).toBeNull();
    expect(await new SpillSpace([join(directory, 'none')], PLENTY).take(1, NEVER)).toBeNull();
    expect(await new SpillSpace([join(directory, 'none')]).takeNow(1)).toBeNull();
    const some = await new SpillSpace([join(directory, 'none'), directory], PLENTY).takeNow(1);
    expect(some).not.toBeNull();
    await some?.close();
  });

  test('is waited for while files of the same program are open, and no longer', async () => {
    const space = new SpillSpace([directory], async () => 300 * MIB);
    const room = await space.take(40 * MIB, NEVER);
    let second: unknown = 'waiting';
    const taking = space.take(40 * MIB, NEVER).then(async (taken) => {
      second = taken;
      await taken?.close();
    });
    for (let n = 0; n < 20; n += 1) await turn();
    expect(second).toBe('waiting');
    await room?.close();
    await taking;
    expect(second).not.toBeNull();
    expect(await space.take(45 * MIB, NEVER)).toBeNull();
  });

  test('is not waited for after an abort', async () => {
    const space = new SpillSpace([directory], async () => 300 * MIB);
    const room = await space.take(40 * MIB, NEVER);
    const stop = new AbortController();
    const taking = space.take(40 * MIB, stop.signal);
    for (let n = 0; n < 20; n += 1) await turn();
    stop.abort(new Error('told to end'));
    await expect(taking).rejects.toThrow('told to end');
    await expect(space.take(1, stop.signal)).rejects.toThrow('told to end');
    await room?.close();
  });
});

describe('a large part', () => {
  const bytes = someBytes(9 * MIB);
  const task = part({ size: bytes.length + 10, range: { firstByte: 10, lastByte: bytes.length + 9 }, checksum: { algorithm: 'SHA256', type: 'COMPOSITE' } });
  const answer: Handler = () => getAnswer(bytes, { headers: { 'content-range': `bytes 10-${bytes.length + 9}/${bytes.length + 10}` }, body: chunks(bytes) });

  async function stream(
    options: Partial<StreamingOptions>,
    handlers: { readonly source?: Handler; readonly destination?: Handler } = {},
    what: Parameters<ReturnType<typeof streaming>['copy']>[0] = task,
  ) {
    const counts: string[] = [];
    const arrived: Buffer[] = [];
    const source = fakeClient('src', handlers.source ?? answer);
    const take: Handler = async ({ body }) => {
      arrived.push(await bodyBytes(body));
      return { headers: { etag: `"${md5(arrived.at(-1) as Buffer)}"` } };
    };
    const destination = fakeClient('dst', handlers.destination ?? take);
    const sides = { source, destination, sourcePrefix: '', destinationPrefix: '' };
    const spill = new SpillSpace([directory], PLENTY);
    const sleep = async (): Promise<void> => undefined;
    const route = streaming(sides, new CopyRules(sides), { memoryBytes: 16 * MIB, spill, sleep, count: (name) => counts.push(name), ...options });
    const ending = await route.copy(what, NEVER).catch((error: unknown) => error);
    expect(await readdir(directory)).toEqual([]);
    return { ending, counts, arrived, source, destination };
  }

  test('is read once, lies on a disk, and is sent with its Content-MD5 and checksum', async () => {
    const { ending, counts, arrived, source, destination } = await stream({});
    expect(ending).toMatchObject({ outcome: 'copied', etag: md5(bytes) });
    expect([counts, source.operations()]).toEqual([['spilled'], ['GetObject']]);
    expect(arrived.map(md5)).toEqual([md5(bytes)]);
    expect(destination.requests[0]?.headers).toMatchObject({
      'content-md5': Buffer.from(md5(bytes), 'hex').toString('base64'),
      'x-amz-checksum-sha256': expect.any(String),
    });
  });

  test('is sent again from the disk', async () => {
    const arrived: Buffer[] = [];
    const destination: Handler = async ({ body }) => {
      for (let n = 0; n < 2; n += 1) arrived.push(await bodyBytes(body));
      return { headers: { etag: `"${md5(bytes)}"` } };
    };
    const { ending, source } = await stream({}, { destination });
    expect(ending).toMatchObject({ outcome: 'copied' });
    expect(arrived.map(md5)).toEqual([md5(bytes), md5(bytes)]);
    expect(source.operations()).toEqual(['GetObject']);
  });

  test('whose body breaks off is read again into the same file', async () => {
    let reads = 0;
    const source: Handler = (request, client) => {
      reads += 1;
      if (reads > 1) return answer(request, client);
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield bytes.subarray(0, 2 * MIB);
        throw s3Error('TruncatedBody', 206, 'GetObject');
      }
      return getAnswer(bytes, { headers: { 'content-range': `bytes 10-${bytes.length + 9}/${bytes.length + 10}` }, body: broken() });
    };
    const { ending, counts, arrived } = await stream({}, { source });
    expect(ending).toMatchObject({ outcome: 'copied', etag: md5(bytes) });
    expect(counts).toEqual(['spilled']);
    expect(arrived.map(md5)).toEqual([md5(bytes)]);
  });

  test('leaves no file behind where it cannot be written or is no longer as listed', async () => {
    const failing: Handler = () => {
      throw s3Error('SlowDown', 503, 'UploadPart');
    };
    expect((await stream({}, { destination: failing })).ending).toMatchObject({ code: 'SlowDown' });
    const { ending } = await stream({}, { source: () => getAnswer(bytes, { headers: { 'content-range': 'bytes 10-19/20' } }) });
    expect(ending).toMatchObject({ outcome: 'failed', reason: 'source-changed' });
  });

  test('is read twice where no disk has room, or where nobody gave one', async () => {
    for (const spill of [new SpillSpace([directory], async () => 0), null]) {
      const { ending, counts, source } = await stream({ spill });
      expect(ending).toMatchObject({ outcome: 'copied' });
      expect([counts, source.operations()]).toEqual([['read-twice'], ['GetObject', 'GetObject']]);
    }
  });

  test('is read twice after a disk that failed in between', async () => {
    const space = new SpillSpace([directory], PLENTY);
    const take = space.take.bind(space);
    space.take = async (size, signal) => {
      const room = await take(size, signal);
      await room?.file.close();
      return room;
    };
    const { ending, counts, source } = await stream({ spill: space });
    expect(ending).toMatchObject({ outcome: 'copied', etag: md5(bytes) });
    // The reading that the disk broke off, and the two.
    expect([counts, source.operations()]).toEqual([['spill-failed'], ['GetObject', 'GetObject', 'GetObject']]);
  });

  test('gives its memory back where its file cannot be closed', async () => {
    const space = new SpillSpace([directory], PLENTY);
    const take = space.take.bind(space);
    space.take = async (size, signal) => {
      const room = await take(size, signal);
      const close = async (): Promise<void> => {
        await room?.close();
        throw new Error('EIO');
      };
      return room === null ? null : { ...room, close };
    };
    const source = fakeClient('src', answer);
    const destination = fakeClient('dst', async ({ body }) => ({ headers: { etag: `"${md5(await bodyBytes(body))}"` } }));
    const sides = { source, destination, sourcePrefix: '', destinationPrefix: '' };
    const route = streaming(sides, new CopyRules(sides), { memoryBytes: 2 * MIB, spill: space });
    await expect(route.copy(task, NEVER)).rejects.toThrow('EIO');
    await expect(route.copy(task, NEVER)).rejects.toThrow('EIO');
  });

  test('is held as far as it is allowed to, whatever the memory', async () => {
    const held = await stream({ memoryBytes: 64 * MIB });
    expect(held.counts).toEqual([]);
    const spilled = await stream({ memoryBytes: 64 * MIB, spillAboveBytes: 9 * MIB - 1 });
    expect(spilled.counts).toEqual(['spilled']);
  });

  test('and a whole object spill alike where nobody knows their MD5 before', async () => {
    const object: Handler = () => getAnswer(bytes, { body: chunks(bytes), headers: { 'x-amz-server-side-encryption': 'aws:kms' } });
    const opaque = await stream({}, { source: object }, whole({ etag: 'opaque', size: bytes.length }));
    expect([opaque.counts, opaque.source.operations()]).toEqual([['spilled'], ['GetObject']]);
    const encrypted = await stream({}, { source: object }, whole({ etag: MD5, size: bytes.length }));
    expect([encrypted.counts, encrypted.ending]).toMatchObject([['spilled'], { outcome: 'copied', proof: 'size' }]);
    const full = await stream({ spill: new SpillSpace([directory], async () => 0) }, { source: object }, whole({ etag: MD5, size: bytes.length }));
    expect(full.counts).toEqual(['read-twice']);
  });

  test('whose MD5 is known passes through without a disk', async () => {
    const { ending, counts } = await stream({}, { source: () => getAnswer(bytes, { body: chunks(bytes) }) }, whole({ etag: md5(bytes), size: bytes.length }));
    expect([ending, counts]).toMatchObject([{ outcome: 'copied', proof: 'etag' }, []]);
  });
});
