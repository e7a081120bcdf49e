import { describe, expect, test } from 'vitest';
import type { NewUpload, UploadedPart } from '../../../infra/local/s3-store/bucket.ts';
import { UploadIndex } from '../../../infra/local/s3-store/upload-index.ts';

function upload(key: string, initiated = 0): NewUpload {
  return {
    key,
    initiated,
    initiator: 'arn:aws:iam::111111111111:user/ann',
    storageClass: 'STANDARD',
    headers: {},
    tags: [],
    encryption: { algorithm: 'AES256', kmsKeyId: null },
    checksumAlgorithm: null,
    checksumType: null,
  };
}

function part(partNumber: number, etag: string): UploadedPart {
  return { partNumber, etag, size: 1, lastModified: 0, checksum: null, content: {} as UploadedPart['content'] };
}

describe('open uploads', () => {
  test('are found by key and id together', () => {
    const index = new UploadIndex();
    const { uploadId } = index.begin(upload('a'));
    expect(index.find('a', uploadId)?.key).toBe('a');
    expect(index.find('b', uploadId)).toBeNull();
    expect(index.find('a', 'x')).toBeNull();
  });

  test('are scanned by key, and of a key in the order of their ids, which is that of their beginning', () => {
    const index = new UploadIndex();
    for (const key of ['b', 'a', 'b', 'c', 'b']) index.begin(upload(key, 1000));
    const rows = [...index.scan('b')];
    expect(rows.map(({ key }) => key)).toEqual(['b', 'b', 'b', 'c']);
    const ids = rows.slice(0, 3).map(({ uploadId }) => uploadId);
    expect(ids).toEqual([...ids].sort());
  });

  test('keep the last part of each number, in order', () => {
    const index = new UploadIndex();
    const open = index.begin(upload('a'));
    index.putPart(open, part(2, 'old'));
    index.putPart(open, part(1, 'one'));
    expect(index.putPart(open, part(2, 'new'))?.etag).toBe('old');
    expect(index.parts(open).map(({ etag }) => etag)).toEqual(['one', 'new']);
    expect(index.part(open, 2, 'old')).toBeNull();
    expect(index.part(open, 2, 'new')?.etag).toBe('new');
  });

  test('are gone when they end, the others of their key are not', () => {
    const index = new UploadIndex();
    const [first, second] = [index.begin(upload('a')), index.begin(upload('a'))];
    index.end(first);
    index.end(first);
    expect([...index.scan('')].map(({ uploadId }) => uploadId)).toEqual([second.uploadId]);
    expect(index.parts(first)).toEqual([]);
  });
});
