import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StepContext } from '../../../emr-steps/hadoop/step-context.ts';
import { compareKeys } from '../../../emr-steps/keyspace/byte-order.ts';
import { listObjects } from '../../../emr-steps/list/list-objects.ts';
import { objectRecord } from '../../../emr-steps/records/object-record.ts';
import type { Partition } from '../../../emr-steps/records/partition.ts';
import type { S3Client } from '../../../emr-steps/s3/s3-client.ts';
import { fakeClient, oneBatch, recordingContext, s3Error } from '../plan/fake-s3.ts';
import { type BucketForm, listedBucket, listingXml, objectNamed, PLAIN_FORM } from './listing-xml.ts';

const WHOLE: Partition = { delimiter: '', prefix: '', startAfter: null, end: null };

interface Run {
  readonly prefix?: string;
  readonly partitions?: readonly Partition[];
  readonly concurrency?: number;
  readonly context?: StepContext;
}

function start(client: S3Client, { prefix = '', partitions = [WHOLE], concurrency = 8, context = recordingContext() }: Run = {}): AsyncIterable<Uint8Array> {
  return listObjects({ client, prefix, concurrency, restoreStatus: false })(oneBatch(partitions), context);
}

/** The keys that a run writes, in byte order. */
async function keysOf(client: S3Client, run: Run = {}): Promise<readonly string[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of start(client, run)) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  expect(text === '' || text.endsWith('\n')).toBe(true);
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => objectRecord.decode(line).key).toSorted(compareKeys);
}

function flat(count: number, head = 'object-'): readonly string[] {
  return Array.from({ length: count }, (_, at) => `${head}${String(at).padStart(6, '0')}`);
}

/** Keys of many kinds in one bucket, so that no single rule fits. */
function motley(): readonly string[] {
  const keys = new Set<string>(flat(4000, 'flat/'));
  for (let at = 0; at < 4000; at += 1) keys.add(`${((at * 2654435761) >>> 0).toString(16).padStart(8, '0')}`);
  for (let at = 0; at < 2000; at += 1) keys.add(`deep/${at % 7}/${at % 11}/${'x'.repeat(at % 13)}/${at}`);
  for (let at = 0; at < 2000; at += 1) keys.add(`京都/${String.fromCodePoint(0x4e00 + ((at * 37) % 20_000))}😀${at}`);
  for (let at = 0; at < 1500; at += 1) keys.add(`${'long/'.repeat(60)}${at}`);
  for (const odd of [
    ' ',
    '  lead',
    'tab\t',
    'nul\0',
    '\u{10ffff}',
    'a\u{10ffff}b',
    'a\u{10ffff}',
    '\ufffd',
    '\u{10000}',
    '//',
    '.',
    '..',
    '%25',
    'x\u007f',
    '\\N',
  ])
    keys.add(odd);
  return [...keys];
}

describe('list-objects', () => {
  it('gives each key of a bucket exactly once, whatever the keys are', async () => {
    const keys = motley();
    const client = listedBucket(keys);
    expect(await keysOf(client, { concurrency: 64 })).toEqual(keys.toSorted(compareKeys));
    expect(client.requests.length).toBeGreaterThan(keys.length / 1000);
  });

  it('does so for any keys, pages and concurrency', async () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', '0', '1', '\uffff', '\u{10000}', '\u{10ffff}'), minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 60 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 9 }),
        async (keys, pageSize, concurrency) => {
          expect(await keysOf(listedBucket(keys, { pageSize }), { concurrency })).toEqual(keys.toSorted(compareKeys));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('asks once for a bucket of one page, and for an empty one', async () => {
    for (const keys of [flat(1000), []]) {
      const client = listedBucket(keys);
      expect(await keysOf(client)).toEqual(keys);
      expect(client.requests).toHaveLength(1);
    }
  });

  it('writes keys relative to its prefix, the object named like it too', async () => {
    const client = listedBucket(['p', 'p/', 'p/a', 'p/b/c', 'q']);
    expect(await keysOf(client, { prefix: 'p/' })).toEqual(['', 'a', 'b/c']);
    expect(client.requests[0]?.parameters).toMatchObject({ prefix: 'p/' });
  });

  it('lists the partitions of one file without the keys that a delimiter leaves out', async () => {
    const keys = ['00', '000/00', '000/01', '0x', '1', '1/1', '2,3', 'fff', 'other'];
    const partitions = [
      { ...WHOLE, delimiter: '/', prefix: '0' },
      { ...WHOLE, prefix: '000/' },
      { ...WHOLE, prefix: '1' },
      { ...WHOLE, prefix: '2,' },
    ];
    expect(await keysOf(listedBucket(keys), { partitions })).toEqual(['00', '000/00', '000/01', '0x', '1', '1/1', '2,3']);
  });

  it('leaves out what lies behind a delimiter also where it splits and pages', async () => {
    const keys = [
      ...flat(9000, 'p/'),
      ...flat(3000, 'p/000500/'),
      ...flat(500, 'p/000500\u{10ffff}/'),
      'p/~/1',
      'p/~/2',
      'p/\u{10ffff}/1',
      'p/\u{10ffff}/\u{10ffff}',
      'q',
    ];
    const expected = keys.filter((key) => /^p\/[^/]*$/.test(key)).toSorted(compareKeys);
    for (const pageSize of [1000, 1]) {
      const few = pageSize === 1 ? keys.filter((_, at) => at % 100 === 0 || at > 12_400) : keys;
      const listed = await keysOf(listedBucket(few, { pageSize }), { partitions: [{ ...WHOLE, delimiter: '/', prefix: 'p/' }], concurrency: 32 });
      expect(listed).toEqual(expected.filter((key) => few.includes(key)));
    }
  });

  it('lists ranges: behind the start, up to and with the end', async () => {
    const keys = ['a', 'b', 'b0', 'c', 'd', 'd\0', 'e'].map((key) => `side/${key}`);
    const ranges = [
      { ...WHOLE, end: 'b' },
      { ...WHOLE, startAfter: 'b', end: 'd' },
      { ...WHOLE, startAfter: 'd' },
    ];
    const each = await Promise.all(ranges.map((range) => keysOf(listedBucket([...keys, 'other', 'zide']), { prefix: 'side/', partitions: [range] })));
    expect(each).toEqual([
      ['a', 'b'],
      ['b0', 'c', 'd'],
      ['d\0', 'e'],
    ]);
  });

  it('asks for nothing where a range is empty, and finds nothing where its bounds lie outside of its prefix', async () => {
    const client = listedBucket(flat(10));
    expect(await keysOf(client, { partitions: [{ ...WHOLE, startAfter: 'b', end: 'b' }] })).toEqual([]);
    expect(client.requests).toHaveLength(0);
    expect(await keysOf(client, { partitions: [{ ...WHOLE, prefix: 'object', startAfter: 'x', end: 'y' }] })).toEqual([]);
    expect(await keysOf(client, { partitions: [{ ...WHOLE, prefix: 'object', startAfter: 'a', end: 'b' }] })).toEqual([]);
    expect(await keysOf(client, { partitions: [{ ...WHOLE, prefix: 'object', startAfter: 'a', end: 'p' }] })).toEqual(flat(10));
  });

  it('reads partitions as they come, and ends with the last', async () => {
    async function* partitions() {
      yield [{ ...WHOLE, prefix: 'a' }];
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield [];
      yield [
        { ...WHOLE, prefix: 'b' },
        { ...WHOLE, prefix: 'c' },
      ];
    }
    const lines: string[] = [];
    const program = listObjects({ client: listedBucket(['a1', 'b1', 'c1', 'd1']), prefix: '', concurrency: 2, restoreStatus: false });
    for await (const chunk of program(partitions(), recordingContext())) lines.push(...Buffer.from(chunk).toString().split('\n'));
    expect(lines.filter(Boolean).map((line) => line.slice(0, 2))).toEqual(['a1', 'b1', 'c1']);
  });

  it('goes on by token behind a page that holds nothing', async () => {
    const pages = [
      listingXml({ objects: [], truncated: true, token: 'one' }),
      listingXml({ objects: [objectNamed('a')], truncated: true, token: 'two' }),
      listingXml({ objects: [], truncated: true, token: 'three' }),
      listingXml({ objects: [objectNamed('b')] }),
    ];
    const client = fakeClient('bucket', () => ({ body: pages.shift() as string }));
    expect(await keysOf(client, { concurrency: 1 })).toEqual(['a', 'b']);
    const went = client.requests.map(({ parameters }) => parameters['continuation-token'] ?? parameters['start-after'] ?? null);
    expect(went).toEqual([null, 'one', 'a', 'three']);
  });

  it('fails where a listing is cut short without a word of how it goes on', async () => {
    const client = fakeClient('bucket', () => ({ body: listingXml({ objects: [], truncated: true }) }));
    await expect(keysOf(client)).rejects.toMatchObject({ code: 'LISTING_STUCK' });
    const again = fakeClient('bucket', () => ({ body: listingXml({ objects: [], truncated: true, token: 'same' }) }));
    await expect(keysOf(again)).rejects.toMatchObject({ code: 'LISTING_STUCK' });
  });

  it.each<[string, BucketForm]>([
    ['raw keys', { form: { ...PLAIN_FORM, encoding: 'xml' } }],
    ['keys with + for spaces', { form: { ...PLAIN_FORM, space: '+' } }],
    ['pages of seven keys', { pageSize: 7 }],
  ])('lists a server that gives %s', async (_, bucket) => {
    const keys = motley().filter((_key, at) => at % 10 === 0);
    expect(await keysOf(listedBucket(keys, bucket), { concurrency: 16 })).toEqual(keys.toSorted(compareKeys));
  });

  it('refuses a listing out of byte order, with both keys', async () => {
    const client = fakeClient('dir--x-s3', () => ({ body: listingXml({ objects: ['b', 'c', 'a'].map(objectNamed) }) }));
    await expect(keysOf(client)).rejects.toMatchObject({
      code: 'LISTING_OUT_OF_ORDER',
      retryable: false,
      message: expect.stringMatching(/dir--x-s3 lists "a" after "c"/),
    });
  });

  it('refuses a server that ignores start-after', async () => {
    const client = fakeClient('bucket', () => ({ body: listingXml({ objects: ['a', 'b'].map(objectNamed), truncated: true, token: 't' }) }));
    await expect(keysOf(client)).rejects.toMatchObject({ code: 'LISTING_OUT_OF_ORDER', message: expect.stringMatching(/lists "a" after "b"/) });
  });

  it('refuses a server that ignores the prefix', async () => {
    const client = fakeClient('bucket', () => ({ body: listingXml({ objects: ['p/a', 'q/b'].map(objectNamed) }) }));
    await expect(keysOf(client, { prefix: 'p/' })).rejects.toMatchObject({
      code: 'MalformedAnswer',
      message: expect.stringContaining('"q/b", which does not begin with "p/"'),
    });
  });

  it('fails with the error of a request, and never ends well with a part of the listing', async () => {
    const keys = flat(20_000);
    let answers = 0;
    const client = listedBucket(keys, {
      before: () => {
        answers += 1;
        if (answers === 12) throw s3Error('AccessDenied', 403, 'ListObjectsV2');
      },
    });
    await expect(keysOf(client)).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  it('fails with the error of its input', async () => {
    async function* broken(): AsyncGenerator<readonly Partition[]> {
      yield [WHOLE];
      throw new RangeError('line 2');
    }
    const program = listObjects({ client: listedBucket(flat(5)), prefix: '', concurrency: 2, restoreStatus: false });
    await expect(Array.fromAsync(program(broken(), recordingContext()))).rejects.toThrow('line 2');
  });

  it('ends with the reason of its signal, and gives up what is under way', async () => {
    const abort = new AbortController();
    let underWay = 0;
    const client = listedBucket(flat(50_000), {
      before: async () => {
        underWay += 1;
        if (underWay === 20) abort.abort(new Error('told to end'));
        await new Promise((resolve) => setTimeout(resolve, 1));
      },
    });
    await expect(keysOf(client, { context: recordingContext({ signal: abort.signal }) })).rejects.toThrow('told to end');
    const sent = client.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(client.requests).toHaveLength(sent);
  });

  it('sends nothing when its signal is aborted before', async () => {
    const client = listedBucket(flat(5));
    await expect(keysOf(client, { context: recordingContext({ signal: AbortSignal.abort(new Error('before')) }) })).rejects.toThrow('before');
    expect(client.requests).toHaveLength(0);
  });

  it('stops asking when its reader stops reading, and goes on when it reads', async () => {
    const keys = flat(200_000, `${'a-long-folder-name/'.repeat(10)}`);
    const client = listedBucket(keys);
    const iterator = start(client, { concurrency: 4 })[Symbol.asyncIterator]();
    const first = await iterator.next();
    let asked = 0;
    while (asked < client.requests.length) {
      asked = client.requests.length;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(asked).toBeLessThan(120);
    let bytes = (first.value as Uint8Array).length;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) bytes += next.value.length;
    expect(bytes).toBeGreaterThan(200_000 * 190);
    expect(client.requests.length).toBeGreaterThan(asked);
  });

  it('stops when its reader leaves', async () => {
    const client = listedBucket(flat(100_000));
    for await (const chunk of start(client)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    const asked = client.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(client.requests).toHaveLength(asked);
    expect(asked).toBeLessThan(60);
  });

  it('counts what it lists', async () => {
    const counted: number[] = [];
    const context = recordingContext();
    const statistics = { ...context.statistics, recordsOut: (amount: number) => counted.push(amount) };
    await keysOf(listedBucket(flat(2500)), { context: { ...context, statistics } });
    expect(counted.reduce((sum, amount) => sum + amount, 0)).toBe(2500);
    expect(context.said.at(-1)).toMatch(/^listed 2500 objects/);
  });
});
