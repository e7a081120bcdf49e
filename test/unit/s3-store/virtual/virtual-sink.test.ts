import { describe, expect, it } from 'vitest';
import type { StoredObject } from '../../../../infra/local/s3-store/bucket.ts';
import { describeVirtual } from '../../../../infra/local/s3-store/virtual/description.ts';
import { checksumOfShape } from '../../../../infra/local/s3-store/virtual/key-checksum.ts';
import { addSinkCounts, virtualSink } from '../../../../infra/local/s3-store/virtual/virtual-sink.ts';
import { virtualSource } from '../../../../infra/local/s3-store/virtual/virtual-source.ts';

const SETTINGS = 'dated:1000,multipart=0.1';
const from = virtualSource(describeVirtual(SETTINGS));
const objects = [...from.scan('')].map((row) => from.find(row.key, null) as StoredObject);

function sink() {
  return virtualSink(describeVirtual(`sink:${SETTINGS}`));
}

describe('a sink', () => {
  it('proves that every object was written with its ETag', () => {
    const to = sink();
    for (const object of objects.toReversed()) to.put(object);
    expect(to.counts()).toMatchObject({ written: checksumOfShape(from.shape), exact: 1000, different: 0, unknown: 0 });
    expect(to.counts().bytes).toBe(objects.reduce((sum, object) => sum + object.size, 0));
  });

  it('notices an object that was written twice while another was not', () => {
    const to = sink();
    for (const object of objects.slice(1)) to.put(object);
    to.put(objects[5] as StoredObject);
    expect(to.counts().written.keys).toBe(1000);
    expect(to.counts().written).not.toEqual(checksumOfShape(from.shape));
  });

  it('tells another ETag and an unknown key apart', () => {
    const to = sink();
    to.put({ ...(objects[0] as StoredObject), etag: '0'.repeat(32) });
    to.put({ ...(objects[0] as StoredObject), key: 'elsewhere' });
    expect(to.counts()).toMatchObject({ exact: 0, different: 1, unknown: 1 });
  });

  it('forgets what is written, so that any process can take the next request', () => {
    const to = sink();
    to.put(objects[0] as StoredObject);
    expect([...to.scan('')]).toEqual([]);
    expect(to.find(objects[0]?.key ?? '', null)).toBeNull();
  });

  it('finds what is expected, written or not, where look-ups are asked for, and nothing else', () => {
    const to = virtualSink(describeVirtual(`sink:${SETTINGS},look-ups=yes`));
    expect(to.find(objects[0]?.key ?? '', null)).toMatchObject({ etag: objects[0]?.etag, size: objects[0]?.size });
    expect(to.find('elsewhere', null)).toBeNull();
    expect([...to.scan('')]).toEqual([]);
  });

  it('knows an upload by its id in another process, and refuses the id of another key', () => {
    const upload = { key: 'a/b', initiated: 1_700_000_000_000, initiator: 'arn', storageClass: 'STANDARD', headers: {}, tags: [] } as const;
    const begun = sink().uploads.begin({ ...upload, encryption: { algorithm: 'AES256', kmsKeyId: null }, checksumAlgorithm: null, checksumType: null });
    expect(sink().uploads.find('a/b', begun.uploadId)).toMatchObject({ uploadId: begun.uploadId, initiated: 1_700_000_000_000 });
    expect(sink().uploads.find('a/c', begun.uploadId)).toBeNull();
    expect(sink().uploads.find('a/b', 'sink-1-2-3')).toBeNull();
  });

  it('gives each upload an id of its own', () => {
    const { uploads } = sink();
    const upload = { key: 'a', initiated: 5, initiator: 'arn', storageClass: 'STANDARD', headers: {}, tags: [] } as const;
    const begin = () => uploads.begin({ ...upload, encryption: { algorithm: 'AES256', kmsKeyId: null }, checksumAlgorithm: null, checksumType: null }).uploadId;
    expect(new Set(Array.from({ length: 100 }, begin)).size).toBe(100);
  });

  it('weighs a part as the expected object has it, whatever its ETag', () => {
    const { uploads } = sink();
    const object = objects.find((each) => (each.parts?.length ?? 0) > 1) as StoredObject;
    const upload = { ...object, uploadId: 'x', initiated: 0, initiator: 'arn', checksumAlgorithm: null, checksumType: null };
    const etag = 'a'.repeat(32);
    const sizes = (object.parts ?? []).map((part) => uploads.part(upload, part.partNumber, etag)?.size);
    expect(sizes).toEqual((object.parts ?? []).map((part) => part.size));
    expect(uploads.part(upload, 1, 'not an ETag')).toBeNull();
  });

  it('adds up over processes', () => {
    const [one, two] = [sink(), sink()];
    objects.forEach((object, at) => {
      (at % 3 === 0 ? one : two).put(object);
    });
    expect(addSinkCounts([one.counts(), two.counts()])).toMatchObject({ written: checksumOfShape(from.shape), exact: 1000 });
  });
});
