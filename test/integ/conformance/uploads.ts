/** Multipart uploads. */
import {
  AbortMultipartUploadCommand,
  GetObjectAttributesCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type Behaviour, md5, PART, partsEtag, refusal, type World } from './world.ts';

const [FIRST, SECOND] = [Buffer.alloc(PART, 1), Buffer.alloc(PART + 7, 2)];
const TAIL = Buffer.from('the tail');

function copyPart(w: World, key: string, UploadId: string, PartNumber: number, from: string, more: object = {}) {
  return w.s3.send(new UploadPartCopyCommand({ Bucket: w.bucket, Key: w.key(key), UploadId, PartNumber, CopySource: w.source(from), ...more }));
}

async function openKeys(w: World, more: object = {}) {
  const page = await w.s3.send(new ListMultipartUploadsCommand({ Bucket: w.bucket, Prefix: w.prefix, ...more }));
  return { page, keys: (page.Uploads ?? []).map(({ Key }) => (Key ?? '').slice(w.prefix.length)) };
}

/** The table. */
export const UPLOADS: readonly Behaviour[] = [
  {
    name: "an object of parts has the MD5 of its parts' MD5s and their number as its ETag, and all bytes",
    run: async (w) => {
      const { ETag } = await w.upload('k', [FIRST, SECOND, TAIL], { Metadata: { a: 'b' }, Tagging: 'a=1', ContentType: 'text/x' });
      const { Body, ...head } = await w.get('k');
      expect([ETag, head.ETag]).toEqual([partsEtag(FIRST, SECOND, TAIL), partsEtag(FIRST, SECOND, TAIL)]);
      expect(head).toMatchObject({ Metadata: { a: 'b' }, TagCount: 1, ContentType: 'text/x' });
      expect(md5((await Body?.transformToByteArray()) ?? '')).toBe(md5(Buffer.concat([FIRST, SECOND, TAIL])));
    },
  },
  {
    name: 'one part is a part too',
    run: async (w) => expect((await w.upload('k', [TAIL])).ETag).toBe(partsEtag(TAIL)),
  },
  {
    name: 'a part is read by its number: 206, its length, and how many there are',
    run: async (w) => {
      await w.upload('k', [FIRST, TAIL]);
      const { PartsCount, ContentLength, $metadata } = await w.head('k', { PartNumber: 1 });
      expect([PartsCount, ContentLength, $metadata.httpStatusCode]).toEqual([2, PART, 206]);
      expect(await w.text('k', { PartNumber: 2 })).toBe(TAIL.toString());
      expect(await refusal(w.get('k', { PartNumber: 3 }))).toBe('416 InvalidPartNumber');
    },
  },
  {
    name: 'a plain object is its own first part, without a count',
    run: async (w) => {
      await w.put('k');
      const { PartsCount, ContentLength } = await w.head('k', { PartNumber: 1 });
      expect([PartsCount, ContentLength]).toEqual([undefined, 5]);
    },
  },
  {
    name: 'attributes give the number of parts, and the parts where they have checksums',
    needs: 'attributes',
    run: async (w) => {
      const attributes = (key: string) =>
        w.s3.send(new GetObjectAttributesCommand({ Bucket: w.bucket, Key: w.key(key), ObjectAttributes: ['ETag', 'ObjectParts', 'ObjectSize', 'Checksum'] }));
      await w.upload('sums', [FIRST, TAIL], { ChecksumAlgorithm: 'SHA256' });
      const { ObjectParts, ObjectSize, ETag } = await attributes('sums');
      expect([ObjectParts?.TotalPartsCount, ObjectParts?.Parts?.map(({ Size }) => Size)]).toEqual([2, [PART, TAIL.length]]);
      expect([ObjectSize, `"${ETag}"`]).toEqual([PART + TAIL.length, partsEtag(FIRST, TAIL)]);
    },
  },
  {
    name: 'a SHA-256 of parts is composed, a CRC-64/NVME is of the whole object',
    run: async (w) => {
      await w.upload('sha', [FIRST, TAIL], { ChecksumAlgorithm: 'SHA256' });
      await w.upload('crc', [FIRST, TAIL], { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'FULL_OBJECT' });
      const sha = await w.head('sha', { ChecksumMode: 'ENABLED' });
      expect([sha.ChecksumSHA256?.slice(-2), sha.ChecksumType]).toEqual(['-2', 'COMPOSITE']);
      await w.put('whole', Buffer.concat([FIRST, TAIL]), { ChecksumAlgorithm: 'CRC64NVME' });
      const [crc, whole] = [await w.head('crc', { ChecksumMode: 'ENABLED' }), await w.head('whole', { ChecksumMode: 'ENABLED' })];
      expect([crc.ChecksumType, crc.ChecksumCRC64NVME]).toEqual(['FULL_OBJECT', whole.ChecksumCRC64NVME]);
    },
  },
  {
    name: 'copied parts give the same ETag as uploaded ones',
    run: async (w) => {
      await w.upload('k', [FIRST, SECOND]);
      const id = await w.begin('copy');
      const ranges = [`bytes=0-${PART - 1}`, `bytes=${PART}-${PART + SECOND.length - 1}`];
      const parts = [];
      for (const [at, CopySourceRange] of ranges.entries()) {
        const { CopyPartResult } = await copyPart(w, 'copy', id, at + 1, 'k', { CopySourceRange, CopySourceIfMatch: partsEtag(FIRST, SECOND) });
        parts.push({ PartNumber: at + 1, ETag: CopyPartResult?.ETag });
      }
      expect((await w.complete('copy', id, parts)).ETag).toBe(partsEtag(FIRST, SECOND));
    },
  },
  {
    name: 'a copied part wants the right source and a range within it',
    run: async (w) => {
      await w.put('k', SECOND);
      const id = await w.begin('copy');
      expect(await refusal(copyPart(w, 'copy', id, 1, 'k', { CopySourceIfMatch: md5('x') }))).toBe('412 PreconditionFailed');
      expect(await refusal(copyPart(w, 'copy', id, 1, 'k', { CopySourceRange: `bytes=0-${SECOND.length}` }))).toMatch(
        /^(400 InvalidArgument|416 InvalidRange)$/,
      );
      expect(await refusal(copyPart(w, 'copy', id, 1, 'nothing'))).toBe('404 NoSuchKey');
    },
  },
  {
    name: 'small parts, unknown parts, parts out of order and no parts at all are refused, and the upload stays open',
    run: async (w) => {
      const id = await w.begin('k');
      const [one, two] = [await w.part('k', id, 1, TAIL), await w.part('k', id, 2, TAIL)];
      const [first, second] = [
        { PartNumber: 1, ETag: one.ETag },
        { PartNumber: 2, ETag: two.ETag },
      ];
      expect(await refusal(w.complete('k', id, [first, second]))).toBe('400 EntityTooSmall');
      expect(await refusal(w.complete('k', id, [{ ...first, ETag: md5('x') }]))).toBe('400 InvalidPart');
      expect(await refusal(w.complete('k', id, [{ ...first, PartNumber: 3 }]))).toBe('400 InvalidPart');
      expect(await refusal(w.complete('k', id, [second, first]))).toBe('400 InvalidPartOrder');
      expect(await refusal(w.complete('k', id, []))).toBe('400 MalformedXML');
      expect((await w.complete('k', id, [first])).ETag).toBe(partsEtag(TAIL));
    },
  },
  {
    name: 'a part that comes again replaces the first',
    run: async (w) => {
      const id = await w.begin('k');
      await w.part('k', id, 1, 'old');
      const { ETag } = await w.part('k', id, 1, 'new');
      await w.complete('k', id, [{ PartNumber: 1, ETag }]);
      expect(await w.text('k')).toBe('new');
    },
  },
  {
    name: 'part numbers are 1 to 10,000',
    run: async (w) => {
      const id = await w.begin('k');
      const outcomes = await Promise.all([0, 1, 10_000, 10_001].map((number) => refusal(w.part('k', id, number, 'x'))));
      expect(outcomes).toEqual(['400 InvalidArgument', 'accepted', 'accepted', '400 InvalidArgument']);
    },
  },
  {
    name: 'an upload that was completed or aborted is NoSuchUpload, as one that never was',
    run: async (w) => {
      const id = await w.begin('k');
      await w.part('k', id, 1, 'x');
      await w.s3.send(new AbortMultipartUploadCommand({ Bucket: w.bucket, Key: w.key('k'), UploadId: id }));
      expect(await refusal(w.part('k', id, 1, 'x'))).toBe('404 NoSuchUpload');
      expect(await refusal(w.part('k', 'never', 1, 'x'))).toBe('404 NoSuchUpload');
      expect(await refusal(w.head('k'))).toBe('404 NotFound');
    },
  },
  {
    name: 'completing keeps conditions',
    run: async (w) => {
      await w.put('k');
      const id = await w.begin('k');
      const { ETag } = await w.part('k', id, 1, 'x');
      expect(await refusal(w.complete('k', id, [{ PartNumber: 1, ETag }], { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
      expect(await w.text('k')).toBe('hello');
    },
  },
  {
    name: 'open uploads are listed by key, with who began them and when, in pages',
    run: async (w) => {
      for (const key of ['c', 'a', 'b']) await w.begin(key);
      const { page, keys } = await openKeys(w);
      expect(keys).toEqual(['a', 'b', 'c']);
      expect(page.Uploads?.every(({ Initiator, Initiated }) => Boolean(Initiator?.ID) && Math.abs((Initiated?.getTime() ?? 0) - Date.now()) < 900_000)).toBe(
        true,
      );
      const first = await openKeys(w, { MaxUploads: 2 });
      expect([first.keys, first.page.IsTruncated]).toEqual([['a', 'b'], true]);
      const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = first.page;
      expect((await openKeys(w, { KeyMarker, UploadIdMarker })).keys).toEqual(['c']);
    },
  },
  {
    name: 'parts are listed by number, with sizes, in pages',
    run: async (w) => {
      const id = await w.begin('k');
      for (const number of [3, 1, 2]) await w.part('k', id, number, 'x'.repeat(number));
      const page = (more: object) => w.s3.send(new ListPartsCommand({ Bucket: w.bucket, Key: w.key('k'), UploadId: id, ...more }));
      const first = await page({ MaxParts: 2 });
      expect([first.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]), first.IsTruncated]).toEqual([
        [
          [1, 1],
          [2, 2],
        ],
        true,
      ]);
      const second = await page({ PartNumberMarker: first.NextPartNumberMarker });
      expect(second.Parts?.map(({ PartNumber, ETag }) => [PartNumber, ETag])).toEqual([[3, md5('xxx')]]);
    },
  },
];
