import { describe, expect, it } from 'vitest';
import { getObject } from '../../../emr-steps/s3/get-object.ts';
import { getObjectAttributes } from '../../../emr-steps/s3/get-object-attributes.ts';
import { headBucket } from '../../../emr-steps/s3/head-bucket.ts';
import { headObject } from '../../../emr-steps/s3/head-object.ts';
import { S3Error } from '../../../emr-steps/s3/s3-error.ts';
import { getObjectTagging } from '../../../emr-steps/s3/tagging.ts';
import { errorAnswer, failureOfPromise, setUp } from './client-under-test.ts';
import type { ScriptedAnswer } from './scripted-server.ts';

async function text(body: AsyncIterable<Uint8Array>): Promise<string> {
  let all = '';
  for await (const chunk of body) all += Buffer.from(chunk).toString('latin1');
  return all;
}

describe('headBucket', () => {
  it('gives the Region of the bucket', async () => {
    const { client, server } = await setUp([{ headers: { 'x-amz-bucket-region': 'eu-central-1' } }]);
    expect(await headBucket(client)).toEqual({ region: 'eu-central-1' });
    expect(server.requests[0]).toMatchObject({ method: 'HEAD', url: '/books/' });
  });

  it('gives null where the server names none', async () => {
    const { client } = await setUp([{}]);
    expect(await headBucket(client)).toEqual({ region: null });
  });

  it.each([301, 400])('gives the Region of a bucket that is elsewhere (status %i)', async (status) => {
    const { client, server } = await setUp([{ status, headers: { 'x-amz-bucket-region': 'us-west-2' } }]);
    expect(await headBucket(client)).toEqual({ region: 'us-west-2' });
    expect(server.requests).toHaveLength(1);
  });

  it('fails for a bucket that is not there or not allowed, with its Region where it is named', async () => {
    const { client } = await setUp([{ status: 404 }, { status: 403, headers: { 'x-amz-bucket-region': 'us-west-2' } }, { status: 400 }]);
    expect(await failureOfPromise(headBucket(client), S3Error)).toMatchObject({ code: 'NotFound', status: 404, key: null });
    expect(await failureOfPromise(headBucket(client), S3Error)).toMatchObject({ code: 'AccessDenied', region: 'us-west-2' });
    expect(await failureOfPromise(headBucket(client), S3Error)).toMatchObject({ code: 'BadRequest' });
  });
});

describe('headObject', () => {
  it('asks for a part, a precondition and checksums, and reads the answer', async () => {
    const headers = { 'content-length': '5', 'content-range': 'bytes 0-4/12', etag: '"e-3"', 'x-amz-mp-parts-count': '3' };
    const { client, server } = await setUp([{ status: 206, headers }]);
    const head = await headObject(client, { key: 'a b', partNumber: 1, ifMatch: 'e-3', checksumMode: true });
    expect(head).toMatchObject({ size: 5, objectSize: 12, etag: 'e-3', partsCount: 3 });
    expect(server.requests[0]).toMatchObject({ method: 'HEAD', url: '/books/a%20b?partNumber=1' });
    expect(server.requests[0]?.headers).toMatchObject({ 'if-match': '"e-3"', 'x-amz-checksum-mode': 'ENABLED' });
  });

  it('asks for nothing more than the key unless told', async () => {
    const { client, server } = await setUp([{}]);
    await headObject(client, { key: 'k' });
    expect(server.requests[0]?.url).toBe('/books/k');
    expect(server.requests[0]?.headers).not.toHaveProperty('if-match');
  });

  it('repeats a HEAD that was throttled, though it has no document', async () => {
    const { client, server } = await setUp([{ status: 503 }, {}]);
    await headObject(client, { key: 'k' });
    expect(server.requests).toHaveLength(2);
  });
});

describe('getObject', () => {
  it('gives head and bytes', async () => {
    const { client, server } = await setUp([{ body: 'hello', headers: { etag: '"e"', 'content-type': 'text/plain' } }]);
    const { head, body } = await getObject(client, { key: 'k', ifMatch: 'e' });
    expect(head).toMatchObject({ size: 5, etag: 'e', kept: { 'content-type': 'text/plain' } });
    expect(await text(body)).toBe('hello');
    expect(server.requests[0]?.headers).toMatchObject({ 'if-match': '"e"' });
    expect(server.requests[0]?.headers).not.toHaveProperty('range');
  });

  it('reads a range or a part', async () => {
    const { client, server } = await setUp([{ status: 206, body: 'ell', headers: { 'content-range': 'bytes 1-3/5' } }]);
    const piece = await getObject(client, { key: 'k', range: { firstByte: 1, lastByte: 3 } });
    expect([piece.head.objectSize, await text(piece.body)]).toEqual([5, 'ell']);
    await (await getObject(client, { key: 'k', partNumber: 2 })).discard();
    expect(server.requests.map(({ url, headers }) => [url, headers.range])).toEqual([
      ['/books/k', 'bytes=1-3'],
      ['/books/k?partNumber=2', undefined],
    ]);
  });

  it('refuses the whole object in place of a range', async () => {
    const { client } = await setUp([{ status: 200, body: 'hello' }]);
    expect(await failureOfPromise(getObject(client, { key: 'k', range: { firstByte: 1, lastByte: 3 } }), S3Error)).toMatchObject({
      code: 'RangeIgnored',
      retryClass: 'final',
    });
  });

  it('tries again until the head has come', async () => {
    const reset: ScriptedAnswer = (_response, _request, raw) => raw.socket.resetAndDestroy();
    const { client, server, events } = await setUp([reset, errorAnswer(503, 'SlowDown'), { body: 'hello' }]);
    expect(await text((await getObject(client, { key: 'k' })).body)).toBe('hello');
    expect(server.requests).toHaveLength(3);
    expect(events.map(({ code }) => code)).toEqual(['ConnectionReset', 'SlowDown', null]);
  });

  it('fails with the error of the service', async () => {
    const { client } = await setUp([errorAnswer(403, 'InvalidObjectState')]);
    expect(await failureOfPromise(getObject(client, { key: 'k' }), S3Error)).toMatchObject({ code: 'InvalidObjectState', status: 403 });
  });

  it.each<[string, ScriptedAnswer]>([
    [
      'is cut off',
      (response, _request, raw) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => raw.socket.end());
      },
    ],
    [
      'is reset',
      (response, _request, raw) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => setTimeout(() => raw.socket.resetAndDestroy(), 20));
      },
    ],
  ])('throws TruncatedBody from a body that %s', async (_what, fault) => {
    const { client, server } = await setUp([fault]);
    const { body } = await getObject(client, { key: 'k' });
    expect(await failureOfPromise(text(body), S3Error)).toMatchObject({ code: 'TruncatedBody', operation: 'GetObject', key: 'k', retryClass: 'transient' });
    expect(server.requests).toHaveLength(1);
  });

  it('throws TruncatedBody though the transport did not notice', async () => {
    async function* short() {
      yield Buffer.from('half');
    }
    const body = Object.assign(short(), { bytes: async () => Buffer.from('half'), discard: async () => {} });
    const { client } = await setUp([{}], { transport: async () => ({ status: 200, headers: { 'content-length': '100' }, body }) });
    expect((await failureOfPromise(text((await getObject(client, { key: 'k' })).body), S3Error)).code).toBe('TruncatedBody');
    const open = await client.open({ operation: 'GetObject', method: 'GET', key: 'k' });
    expect((await failureOfPromise(open.body.bytes(), S3Error)).code).toBe('TruncatedBody');
    expect((await failureOfPromise(client.send({ operation: 'GetObject', method: 'GET', key: 'k' }), S3Error)).code).toBe('TruncatedBody');
  });

  it('limits the time of the body too', async () => {
    const stall: ScriptedAnswer = (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
    };
    const { client } = await setUp([stall], { requestTimeoutMilliseconds: 300 });
    const { body } = await getObject(client, { key: 'k', size: 1 });
    expect(await failureOfPromise(text(body), S3Error)).toMatchObject({ code: 'Timeout', retryClass: 'transient' });
  });

  it("throws the reason of the caller's signal from the body", async () => {
    const stall: ScriptedAnswer = (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
    };
    const { client } = await setUp([stall]);
    const stop = new AbortController();
    const { body } = await getObject(client, { key: 'k' }, stop.signal);
    setTimeout(() => stop.abort('enough'), 20);
    await expect(text(body)).rejects.toBe('enough');
  });

  it('gives all bytes at once where they are wanted so', async () => {
    const { client } = await setUp([{ body: 'hello' }]);
    const open = await client.open({ operation: 'GetObject', method: 'GET', key: 'k' });
    expect(Buffer.from(await open.body.bytes()).toString()).toBe('hello');
  });
});

describe('getObjectAttributes', () => {
  const page = (parts: string, more: string): string =>
    `<?xml version="1.0"?><GetObjectAttributesResponse><ObjectParts><PartsCount>3</PartsCount>${more}${parts}</ObjectParts><ObjectSize>25</ObjectSize></GetObjectAttributesResponse>`;
  const part = (number: number, size: number): string =>
    `<Part><ChecksumSHA256>x</ChecksumSHA256><PartNumber>${number}</PartNumber><Size>${size}</Size></Part>`;

  it('reads all pages and asks without a blank after the comma', async () => {
    const { client, server } = await setUp([
      { body: page(part(1, 10) + part(2, 10), '<IsTruncated>true</IsTruncated><NextPartNumberMarker>2</NextPartNumberMarker>') },
      { body: page(part(3, 5), '<IsTruncated>false</IsTruncated>') },
    ]);
    expect(await getObjectAttributes(client, { key: 'k' })).toEqual({
      partsCount: 3,
      objectSize: 25,
      parts: [
        { partNumber: 1, size: 10 },
        { partNumber: 2, size: 10 },
        { partNumber: 3, size: 5 },
      ],
    });
    expect(server.requests.map(({ url, headers }) => [url, headers['x-amz-object-attributes'], headers['x-amz-part-number-marker']])).toEqual([
      ['/books/k?attributes=', 'ObjectParts,ObjectSize', undefined],
      ['/books/k?attributes=', 'ObjectParts,ObjectSize', '2'],
    ]);
  });

  it('knows no parts where S3 lists none, and no count where it gives none', async () => {
    const { client } = await setUp([
      {
        body: '<GetObjectAttributesOutput><ObjectParts><TotalPartsCount>7</TotalPartsCount></ObjectParts><ObjectSize>1</ObjectSize></GetObjectAttributesOutput>',
      },
      { body: '<GetObjectAttributesResponse><ObjectSize>9</ObjectSize></GetObjectAttributesResponse>' },
      { body: '<GetObjectAttributesResponse><ObjectParts><Part><PartNumber>x</PartNumber></Part></ObjectParts></GetObjectAttributesResponse>' },
    ]);
    expect(await getObjectAttributes(client, { key: 'k' })).toEqual({ partsCount: 7, parts: null, objectSize: 1 });
    expect(await getObjectAttributes(client, { key: 'k' })).toEqual({ partsCount: null, parts: null, objectSize: 9 });
    expect(await getObjectAttributes(client, { key: 'k' })).toEqual({ partsCount: null, parts: null, objectSize: null });
  });

  it('does not run in circles when a server repeats its marker', async () => {
    const again = page(part(1, 10), '<IsTruncated>true</IsTruncated><NextPartNumberMarker>1</NextPartNumberMarker>');
    const { client, server } = await setUp([{ body: again }]);
    await getObjectAttributes(client, { key: 'k' });
    expect(server.requests).toHaveLength(2);
  });

  it('takes an error in an answer 200 for the error', async () => {
    const { client } = await setUp([{ body: '<Error><Code>AccessDenied</Code></Error>' }]);
    expect((await failureOfPromise(getObjectAttributes(client, { key: 'k' }), S3Error)).code).toBe('AccessDenied');
  });
});

describe('getObjectTagging', () => {
  it('reads tags with their entities', async () => {
    const body = '<Tagging><TagSet><Tag><Key>a&amp;b</Key><Value>1 &lt; 2</Value></Tag><Tag><Key>empty</Key><Value/></Tag></TagSet></Tagging>';
    const { client, server } = await setUp([{ body }]);
    expect(await getObjectTagging(client, { key: 'k' })).toEqual([
      { key: 'a&b', value: '1 < 2' },
      { key: 'empty', value: '' },
    ]);
    expect(server.requests[0]).toMatchObject({ method: 'GET', url: '/books/k?tagging=' });
  });

  it('reads no tags', async () => {
    const { client } = await setUp([{ body: '<?xml version="1.0"?><Tagging><TagSet/></Tagging>' }]);
    expect(await getObjectTagging(client, { key: 'k' })).toEqual([]);
  });
});
