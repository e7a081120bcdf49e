/** Listings. */
import { DeleteObjectsCommand } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type Behaviour, md5, type World } from './world.ts';

const KEYS: readonly string[] = ['a', 'a/', 'a/b', 'a//b', 'a!', 'b', 'Z', 'é', '\uff5e', '\u{1F600}'];

async function fill(w: World, keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((key) => w.put(key, key)));
}

function sorted(keys: readonly string[]): readonly string[] {
  return keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function pages(w: World, MaxKeys: number, more: object = {}): Promise<readonly (readonly string[])[]> {
  const all: string[][] = [];
  for (let ContinuationToken: string | undefined; ; ) {
    const { Contents = [], NextContinuationToken } = await w.list({ MaxKeys, ContinuationToken, ...more });
    all.push(Contents.map(({ Key }) => (Key ?? '').slice(w.prefix.length)));
    if (NextContinuationToken === undefined) return all;
    ContinuationToken = NextContinuationToken;
  }
}

/** The table. */
export const LISTINGS: readonly Behaviour[] = [
  {
    name: 'keys come in the order of their UTF-8 bytes',
    run: async (w) => {
      await fill(w, KEYS);
      expect(await w.keys()).toEqual(sorted(KEYS));
    },
  },
  {
    name: 'pages put together are the whole listing, each key once',
    run: async (w) => {
      await fill(w, KEYS);
      const found = await pages(w, 3);
      expect([found.flat(), found.slice(0, -1).every((page) => page.length === 3)]).toEqual([sorted(KEYS), true]);
    },
  },
  {
    name: 'rows show size, ETag and time',
    run: async (w) => {
      await w.put('k');
      const [row] = (await w.list()).Contents ?? [];
      expect(row).toMatchObject({ Size: 5, ETag: md5('hello'), StorageClass: 'STANDARD' });
      expect(row?.LastModified).toEqual((await w.head('k')).LastModified);
    },
  },
  ...['a', 'a/', '\uff5e', 'nothing'].map(
    (after): Behaviour => ({
      name: `what comes after ${JSON.stringify(after)} is what is greater`,
      run: async (w) => {
        await fill(w, KEYS);
        const expected = sorted(KEYS).filter((key) => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0);
        expect(await w.keys({ StartAfter: w.key(after) })).toEqual(expected);
        const encoded = (await w.list({ StartAfter: w.key(after), EncodingType: 'url' })).Contents ?? [];
        expect(encoded.map(({ Key = '' }) => decodeURIComponent(Key.replaceAll('+', ' ')).slice(w.prefix.length))).toEqual(expected);
      },
    }),
  ),
  {
    name: 'a delimiter folds keys to common prefixes, which count in a page',
    run: async (w) => {
      await fill(w, KEYS);
      const { Contents, CommonPrefixes, KeyCount } = await w.list({ Delimiter: '/' });
      expect(CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual([w.key('a/')]);
      expect([Contents?.length, KeyCount]).toEqual([KEYS.length - 3, KEYS.length - 2]);
      expect(await pages(w, 1, { Delimiter: '/' })).toHaveLength(KEYS.length - 2);
    },
  },
  {
    name: 'encoding-type=url is said in the answer, and keys are encoded',
    run: async (w) => {
      await w.put('é b+');
      const { EncodingType, Contents } = await w.list({ EncodingType: 'url' });
      expect([EncodingType, Contents?.[0]?.Key]).toEqual(['url', expect.stringMatching(/%C3%A9(%20|\+)b%2B$/i)]);
    },
  },
  {
    name: 'an empty listing has no rows and is not truncated',
    run: async (w) => {
      const { KeyCount, IsTruncated, Contents } = await w.list();
      expect([KeyCount, IsTruncated, Contents]).toEqual([0, false, undefined]);
    },
  },
  {
    name: 'a page of no keys at all is allowed',
    run: async (w) => {
      await w.put('k');
      expect(await w.keys({ MaxKeys: 0 })).toEqual([]);
    },
  },
  {
    name: 'many are deleted at once, those that are not there too',
    run: async (w) => {
      await fill(w, KEYS);
      const Objects = [...KEYS, 'nothing'].map((key) => ({ Key: w.key(key) }));
      const { Deleted, Errors } = await w.s3.send(new DeleteObjectsCommand({ Bucket: w.bucket, Delete: { Objects } }));
      expect([Deleted?.length, Errors, await w.keys()]).toEqual([KEYS.length + 1, undefined, []]);
    },
  },
];
