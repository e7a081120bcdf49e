import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { StoredObject } from '../../../../infra/local/s3-store/bucket.ts';
import { describeVirtual } from '../../../../infra/local/s3-store/virtual/description.ts';
import { inForm } from '../../../../infra/local/s3-store/virtual/key-form.ts';
import { SHAPE_NAMES } from '../../../../infra/local/s3-store/virtual/shape-names.ts';
import { type VirtualSource, virtualSource } from '../../../../infra/local/s3-store/virtual/virtual-source.ts';

function source(text: string): VirtualSource {
  return virtualSource(describeVirtual(text));
}

function objectOf(bucket: VirtualSource, key: string): StoredObject {
  const found = bucket.find(key, null);
  if (found?.kind !== 'object') throw new Error(`no object ${key}`);
  return found;
}

/** The same page, written the plain way from the rows of a scan. */
function plainPage(bucket: VirtualSource, from: string, prefix: string, most: number, form: 'url' | 'xml'): string {
  let page = '';
  let keys = 0;
  for (const row of bucket.scan(from > prefix ? from : prefix)) {
    if (!row.key.startsWith(prefix) || keys === most) break;
    keys += 1;
    const key = inForm(form, Buffer.from(row.key, 'latin1')).toString('latin1');
    const time = new Date(row.lastModified).toISOString();
    page += `<Contents><Key>${key}</Key><LastModified>${time}</LastModified><ETag>&quot;${row.etag}&quot;</ETag><Size>${row.size}</Size><StorageClass>${row.storageClass}</StorageClass></Contents>`;
  }
  return page;
}

describe.each([...SHAPE_NAMES])('a page of %s', (shape) => {
  const bucket = source(`${shape}:5000,multipart=0.2,archived=0.1,prefix=a=b/é/`);
  const prefix = Buffer.from('a=b/é/').toString('latin1');
  const rows = [...bucket.scan('')];
  const cuts = [0, 1, 999, 1000, 2500, 4990, 4999].map((at) => rows[at]?.key ?? '');

  it.each(['url', 'xml'] as const)('is byte for byte what the rows say, in the form %s', (form) => {
    for (const from of cuts) {
      for (const most of [1, 7, 1000]) {
        const page = bucket.contentsPage(from, prefix, most, form);
        expect(Buffer.from(page.bytes).toString('latin1')).toBe(plainPage(bucket, from, prefix, most, form));
        page.release();
      }
    }
  });

  it('says where it ends and whether keys follow', () => {
    const seen: string[] = [];
    let from = '';
    for (let pages = 0; pages < 100; pages += 1) {
      const page = bucket.contentsPage(from, '', 700, 'url');
      seen.push(...rows.slice(seen.length, seen.length + page.keys).map((row) => row.key));
      expect(page.lastKey).toBe(seen.at(-1));
      page.release();
      if (!page.more) break;
      from = `${page.lastKey}\0`;
    }
    expect(seen).toEqual(rows.map((row) => row.key));
  });

  it('is empty beyond the last key and outside its prefix', () => {
    for (const [from, within] of [
      [`${rows.at(-1)?.key}\0`, ''],
      ['', 'zzz'],
      ['b', prefix],
    ] as const) {
      const page = bucket.contentsPage(from, within, 1000, 'url');
      expect([page.keys, page.lastKey, page.more, page.bytes.length]).toEqual([0, '', false, 0]);
      page.release();
    }
  });
});

describe('pages in use at once', () => {
  it('do not share memory until they are released', () => {
    const bucket = source('flat:3000');
    const first = bucket.contentsPage('', '', 1000, 'url');
    const before = Buffer.from(first.bytes).toString('latin1');
    const second = bucket.contentsPage('object-000000001000', '', 1000, 'url');
    expect(Buffer.from(first.bytes).toString('latin1')).toBe(before);
    expect(Buffer.from(second.bytes).toString('latin1')).not.toBe(before);
    first.release();
    const third = bucket.contentsPage('object-000000002000', '', 1000, 'url');
    expect(third.bytes.buffer).toBe(first.bytes.buffer);
  });
});

describe('virtual objects', () => {
  const bucket = source('uuid:2000,multipart=0.5,parts=1-4,part-size=5242880,size=0-100');
  const objects = [...bucket.scan('')].map((row) => objectOf(bucket, row.key));

  it('have parts that add up to their size', () => {
    const multipart = objects.filter((object) => object.parts !== null);
    expect(multipart.length).toBeGreaterThan(800);
    expect(new Set(multipart.map((object) => object.parts?.length))).toEqual(new Set([1, 2, 3, 4]));
    for (const object of multipart) {
      const sizes = (object.parts ?? []).map((part) => part.size);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(object.size);
      expect(sizes.slice(0, -1).every((size) => size === 5_242_880)).toBe(true);
    }
  });

  it('have the ETag that their parts give, so that a copy with the right part map has it and one with another map has not', async () => {
    for (const object of objects.filter((each) => each.parts !== null).slice(0, 200)) {
      const sizes = (object.parts ?? []).map((part) => part.size);
      expect(await etagOfParts(object, sizes)).toBe(object.etag);
      if (sizes.length > 1) expect(await etagOfParts(object, [object.size])).not.toBe(object.etag);
    }
  });

  it('have their MD5 as ETag where they came in one request', async () => {
    for (const object of objects.filter((each) => each.parts === null).slice(0, 200)) expect(await object.content.md5()).toBe(object.etag);
  });

  it('have ETags of their own', () => {
    expect(new Set(objects.map((object) => object.etag)).size).toBe(2000);
  });

  it('read the same bytes whole and by range', async () => {
    const object = objects.find((each) => each.size > 15_000_000);
    if (object === undefined) throw new Error('no large object');
    const whole = await bytesOf(object.content.read(0, object.size));
    expect(whole.length).toBe(object.size);
    for (const [start, end] of [
      [0, 10],
      [65_530, 65_550],
      [5_242_880, 10_485_760],
      [object.size - 1, object.size],
    ] as const) {
      expect((await bytesOf(object.content.read(start, end))).equals(whole.subarray(start, end))).toBe(true);
      expect((await bytesOf(object.content.slice(start, end).read(1, end - start))).equals(whole.subarray(start + 1, end))).toBe(true);
    }
  });

  it('differ from those of the same shape exactly in the share that was changed', () => {
    const plain = [...source('flat:10000').scan('')];
    const changed = [...source('flat:10000,changed=0.1').scan('')];
    const different = plain.filter((row, at) => row.etag !== changed[at]?.etag).length;
    expect(different).toBeGreaterThan(850);
    expect(different).toBeLessThan(1150);
    expect(changed.map((row) => row.key)).toEqual(plain.map((row) => row.key));
  });

  it('are the same in every process and every version of this project', () => {
    expect(objectOf(source('flat:1000000,multipart=0.05'), 'object-000000004711.json')).toMatchObject({
      etag: 'f25fa04f64a9e94b4481f95e22a43d0a',
      size: 59_167,
      lastModified: Date.UTC(2023, 0, 30, 17, 48, 40),
    });
  });

  it('are found by key only, and only in their one version', () => {
    expect(bucket.find('nothing', null)).toBeNull();
    expect(bucket.find(objects[5]?.key ?? '', 'null')).toMatchObject({ key: objects[5]?.key });
    expect(bucket.find(objects[5]?.key ?? '', 'abc')).toBeNull();
  });
});

async function etagOfParts(object: StoredObject, sizes: readonly number[]): Promise<string> {
  const digest = createHash('md5');
  let at = 0;
  for (const size of sizes) {
    digest.update(Buffer.from(await object.content.slice(at, at + size).md5(), 'hex'));
    at += size;
  }
  return `${digest.digest('hex')}-${sizes.length}`;
}

async function bytesOf(pieces: ReturnType<StoredObject['content']['read']>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}
