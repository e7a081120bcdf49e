/** CopyObject. */
import { GetObjectTaggingCommand } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type Behaviour, md5, PART, refusal } from './world.ts';

/** The table. */
export const COPIES: readonly Behaviour[] = [
  {
    name: 'a copy has what its source has, but not the storage class and the website redirect',
    run: async (w) => {
      await w.put('k', 'hello', { ContentType: 'text/x', Metadata: { a: 'b' }, Tagging: 'a=1', WebsiteRedirectLocation: '/elsewhere' });
      const { CopyObjectResult } = await w.copy('k', 'copy');
      const head = await w.head('copy');
      expect([CopyObjectResult?.ETag, head.ETag, head.WebsiteRedirectLocation]).toEqual([md5('hello'), md5('hello'), undefined]);
      expect(head).toMatchObject({ ContentType: 'text/x', Metadata: { a: 'b' }, TagCount: 1 });
    },
  },
  {
    name: 'a copy has the class that the request names, STANDARD else',
    needs: 'storage-class',
    run: async (w) => {
      await w.put('k', 'x', { StorageClass: 'STANDARD_IA' });
      await w.copy('k', 'plain');
      await w.copy('k', 'same', { StorageClass: 'STANDARD_IA' });
      expect([(await w.head('plain')).StorageClass, (await w.head('same')).StorageClass]).toEqual([undefined, 'STANDARD_IA']);
    },
  },
  {
    name: 'REPLACE takes metadata and tags from the request',
    run: async (w) => {
      await w.put('k', 'x', { Metadata: { a: 'b' }, Tagging: 'a=1' });
      await w.copy('k', 'copy', { MetadataDirective: 'REPLACE', Metadata: { n: 'w' }, ContentType: 'text/y', TaggingDirective: 'REPLACE', Tagging: 'c=3' });
      expect(await w.head('copy')).toMatchObject({ Metadata: { n: 'w' }, ContentType: 'text/y' });
      const { TagSet } = await w.s3.send(new GetObjectTaggingCommand({ Bucket: w.bucket, Key: w.key('copy') }));
      expect(TagSet).toEqual([{ Key: 'c', Value: '3' }]);
    },
  },
  {
    name: 'an object is copied onto itself only to be changed',
    run: async (w) => {
      await w.put('k');
      expect(await refusal(w.copy('k', 'k'))).toBe('400 InvalidRequest');
      expect(await refusal(w.copy('k', 'k', { MetadataDirective: 'REPLACE', Metadata: { a: 'b' } }))).toBe('accepted');
    },
  },
  {
    name: 'a source that is another is 412, one that is not there 404',
    run: async (w) => {
      await w.put('k');
      expect(await refusal(w.copy('k', 'copy', { CopySourceIfMatch: md5('x') }))).toBe('412 PreconditionFailed');
      expect(await refusal(w.copy('k', 'copy', { CopySourceIfNoneMatch: md5('hello') }))).toBe('412 PreconditionFailed');
      expect(await refusal(w.copy('k', 'copy', { CopySourceIfMatch: md5('hello') }))).toBe('accepted');
      expect(await refusal(w.copy('nothing', 'copy'))).toBe('404 NoSuchKey');
    },
  },
  {
    name: 'a destination that must not be there is kept',
    run: async (w) => {
      await w.put('k');
      await w.put('there', 'x');
      expect(await refusal(w.copy('k', 'there', { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
      expect(await w.text('there')).toBe('x');
    },
  },
  {
    name: 'a copy of an object of parts is one piece with a plain MD5',
    run: async (w) => {
      const parts = [Buffer.alloc(PART, 1), Buffer.from('tail')];
      await w.upload('k', parts);
      expect((await w.copy('k', 'copy')).CopyObjectResult?.ETag).toBe(md5(Buffer.concat(parts)));
      expect((await w.head('copy', { PartNumber: 1 })).PartsCount).toBeUndefined();
    },
  },
  ...(['CRC32', 'CRC64NVME', 'SHA256'] as const).map(
    (ChecksumAlgorithm): Behaviour => ({
      name: `a copy has the ${ChecksumAlgorithm} that it was asked for`,
      run: async (w) => {
        await w.put('sums', 'hello', { ChecksumAlgorithm });
        await w.put('k');
        const { CopyObjectResult } = await w.copy('k', 'copy', { ChecksumAlgorithm });
        const name = `Checksum${ChecksumAlgorithm}` as const;
        expect(CopyObjectResult?.[name]).toBe((await w.head('sums', { ChecksumMode: 'ENABLED' }))[name]);
      },
    }),
  ),
];
