import { describe, expect, it } from 'vitest';
import { type ListObjectsV2Input, listedText, listObjectsV2 } from '../../../emr-steps/s3/list-objects-v2.ts';
import { ListingScanner } from '../../../emr-steps/s3/listing-scanner.ts';
import { ListingSyntaxError } from '../../../emr-steps/s3/markup-reader.ts';
import { listedBucket, listingXml, objectNamed } from '../list/listing-xml.ts';
import { fakeClient } from '../plan/fake-s3.ts';

const INPUT: ListObjectsV2Input = { prefix: '', delimiter: '', startAfter: null, continuationToken: null, maxKeys: 1000, restoreStatus: false };

describe('listObjectsV2', () => {
  it('asks for no more than is wanted', async () => {
    const client = listedBucket(['a']);
    await listObjectsV2(client, INPUT, new ListingScanner(), (page) => page.count);
    expect(client.requests[0]).toMatchObject({ operation: 'ListObjectsV2', method: 'GET', key: null, query: 'encoding-type=url&list-type=2', pacedBy: '' });
    expect(client.requests[0]?.headers).toBeUndefined();
  });

  it('asks for everything that can be wanted, in canonical form', async () => {
    const client = listedBucket(['a']);
    const input = { prefix: 'p é', delimiter: '/', startAfter: 'p é\u{10ffff}', continuationToken: 't=', maxKeys: 7, restoreStatus: true };
    await listObjectsV2(client, input, new ListingScanner(), () => null);
    expect(client.requests[0]?.query).toBe(
      'continuation-token=t%3D&delimiter=%2F&encoding-type=url&list-type=2&max-keys=7&prefix=p%20%C3%A9&start-after=p%20%C3%A9%F4%8F%BF%BF',
    );
    expect(client.requests[0]).toMatchObject({ headers: { 'x-amz-optional-object-attributes': 'RestoreStatus' }, pacedBy: 'p é' });
  });

  it('returns what was read, at once, since the scanner is used again', async () => {
    const scanner = new ListingScanner();
    const pages = [['a'], ['b', 'c']].map((keys) =>
      listObjectsV2(listedBucket(keys), INPUT, scanner, (page) =>
        Array.from({ length: page.count }, (_, at) => page.body.toString('latin1', page.fields[at * 16], page.fields[at * 16 + 1])),
      ),
    );
    expect(await Promise.all(pages)).toEqual([['a'], ['b', 'c']]);
  });

  it('says what is wrong with an answer that is no listing', async () => {
    const body = listingXml({ objects: [objectNamed('a')] }).replace('<KeyCount>1<', '<KeyCount>2<');
    const client = fakeClient('bucket', () => ({ body, headers: { 'x-amz-request-id': 'R1' } }));
    const listed = listObjectsV2(client, INPUT, new ListingScanner(), () => null);
    await expect(listed).rejects.toMatchObject({
      name: 'S3Error',
      code: 'MalformedAnswer',
      operation: 'ListObjectsV2',
      requestId: 'R1',
      reason: expect.stringContaining('KeyCount'),
    });
  });

  it('leaves an error of the reader alone', async () => {
    const listed = listObjectsV2(listedBucket(['a']), INPUT, new ListingScanner(), () => {
      throw new TypeError('of the reader');
    });
    await expect(listed).rejects.toThrow(TypeError);
  });
});

describe('listedText', () => {
  function textOf(bytes: string | Uint8Array, isUrlEncoded: boolean): string {
    const body = Buffer.from(bytes as string);
    return listedText({ body, isUrlEncoded }, 0, body.length);
  }

  it.each([
    ['a%20b+c%2B%25', true, 'a b c+%'],
    ['%F0%9F%98%80', true, '😀'],
    ['it&apos;s%26', true, "it's&"],
    ['%41 + &amp;&#x41;&#65;&#13;', false, '%41 + &AA\r'],
    ['\ufeffa', false, '\ufeffa'],
  ])('of %j (url: %s) is %j', (listed, isUrlEncoded, text) => {
    expect(textOf(listed, isUrlEncoded)).toBe(text);
  });

  it.each([
    ['%zz', true],
    ['%ff', true],
    ['%', true],
    [Buffer.from([0x61, 0xff]), true],
    [Buffer.from([0xc3]), false],
  ])('refuses %j (url: %s)', (listed, isUrlEncoded) => {
    expect(() => textOf(listed, isUrlEncoded)).toThrow(ListingSyntaxError);
  });
});
