import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { copyObject } from '../../../emr-steps/s3/copy-object.ts';
import { deleteObjects } from '../../../emr-steps/s3/delete-objects.ts';
import { putObject } from '../../../emr-steps/s3/put-object.ts';
import { S3Error } from '../../../emr-steps/s3/s3-error.ts';
import { errorAnswer, failureOfPromise, KEYS, setUp } from './client-under-test.ts';
import type { ScriptedAnswer } from './scripted-server.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('base64');
const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

describe('copyObject', () => {
  const copied = (inside: string, headers = {}): ScriptedAnswer => ({ body: `<CopyObjectResult>${inside}</CopyObjectResult>`, headers });

  it('names the source encoded, pins its ETag and sets the class', async () => {
    const { client, server } = await setUp([copied('<LastModified>x</LastModified><ETag>"e2"</ETag>', { 'x-amz-server-side-encryption': 'AES256' })]);
    const source = { bucket: 'src', key: 'a b/ä?x=1', etag: 'e1' };
    const result = await copyObject(client, { key: 'k', source, storageClass: 'STANDARD_IA', headers: { 'x-amz-checksum-algorithm': 'SHA256' }, size: 5 });
    expect(result).toEqual({ etag: 'e2', encryption: { algorithm: 'AES256', kmsKeyId: null }, checksums: {} });
    expect(server.requests[0]).toMatchObject({ method: 'PUT', url: '/books/k' });
    expect(server.requests[0]?.headers).toMatchObject({
      'x-amz-copy-source': '/src/a%20b/%C3%A4%3Fx%3D1',
      'x-amz-copy-source-if-match': '"e1"',
      'x-amz-storage-class': 'STANDARD_IA',
      'x-amz-checksum-algorithm': 'SHA256',
      'content-length': '0',
    });
  });

  it('pins nothing and sets no class unless told, and never an ACL', async () => {
    const { client, server } = await setUp([copied('<ETag>e</ETag>')]);
    await copyObject(client, { key: 'k', source: { bucket: 'src', key: 's', etag: null }, storageClass: null });
    const names = Object.keys(server.requests[0]?.headers ?? {});
    expect(names.filter((name) => /acl|if-match|storage-class/.test(name))).toEqual([]);
  });

  it('reads the checksums of the copy', async () => {
    const { client } = await setUp([
      copied('<ETag>e</ETag><ChecksumCRC32>a==</ChecksumCRC32><ChecksumCRC64NVME>b=</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT</ChecksumType>'),
    ]);
    const result = await copyObject(client, { key: 'k', source: { bucket: 'src', key: 's', etag: null }, storageClass: null });
    expect(result.checksums).toEqual({ crc32: 'a==', crc64nvme: 'b=' });
  });

  it('does not call a copy done that has no ETag', async () => {
    const { client } = await setUp([copied('')]);
    const copying = copyObject(client, { key: 'k', source: { bucket: 'src', key: 's', etag: null }, storageClass: null });
    expect(await failureOfPromise(copying, S3Error)).toMatchObject({ code: 'MalformedAnswer', retryClass: 'transient' });
  });

  it('settles a source that changed', async () => {
    const { client } = await setUp([errorAnswer(412, 'PreconditionFailed')]);
    const copying = copyObject(client, { key: 'k', source: { bucket: 'src', key: 's', etag: 'e' }, storageClass: null });
    expect(await failureOfPromise(copying, S3Error)).toMatchObject({ code: 'PreconditionFailed', status: 412, retryClass: 'final' });
  });
});

describe('putObject', () => {
  const written: ScriptedAnswer = {
    headers: { etag: '"e"', 'x-amz-server-side-encryption': 'AES256', 'x-amz-checksum-crc32': 'ab==', 'x-amz-checksum-type': 'FULL_OBJECT' },
  };

  it('writes bytes with their MD5, hash, metadata, tags and class', async () => {
    const { client, server } = await setUp([written]);
    const result = await putObject(client, {
      key: 'k',
      body: Buffer.from('hello'),
      storageClass: 'GLACIER_IR',
      kept: { 'content-type': 'text/plain', 'x-amz-meta-a': 'Ã¤' },
      tags: [
        { key: 'a b', value: 'c&d' },
        { key: 'e', value: '' },
      ],
      ifNoneMatch: '*',
      headers: { 'x-amz-checksum-algorithm': 'CRC32' },
    });
    expect(result).toEqual({ etag: 'e', encryption: { algorithm: 'AES256', kmsKeyId: null }, checksums: { crc32: 'ab==' } });
    expect(server.requests[0]?.body.toString()).toBe('hello');
    expect(server.requests[0]?.headers).toMatchObject({
      'content-md5': md5('hello'),
      'x-amz-content-sha256': sha256('hello'),
      'content-type': 'text/plain',
      'x-amz-meta-a': 'Ã¤',
      'x-amz-tagging': 'a%20b=c%26d&e=',
      'x-amz-storage-class': 'GLACIER_IR',
      'if-none-match': '*',
      'content-length': '5',
    });
  });

  it('writes an empty object with the MD5 of nothing', async () => {
    const { client, server } = await setUp([written]);
    await putObject(client, { key: 'k', body: new Uint8Array(0) });
    await putObject(client, { key: 'k', body: { stream: (async function* () {})(), size: 0 } });
    for (const { headers } of server.requests) {
      expect(headers).toMatchObject({ 'content-length': '0', 'content-md5': md5(''), 'x-amz-content-sha256': sha256('') });
      expect(Object.keys(headers).filter((name) => /tagging|storage-class/.test(name))).toEqual([]);
    }
  });

  it('hashes nothing where TLS proves the bytes', async () => {
    const sent: Readonly<Record<string, string>>[] = [];
    const body = Object.assign((async function* () {})(), { bytes: async () => new Uint8Array(0), discard: async () => {} });
    const { client } = await setUp([{}], {
      endpointUrl: undefined,
      transport: async (request) => {
        expect(request.origin).toBe('https://books.s3.eu-central-1.amazonaws.com');
        expect(request.path).toBe('/k');
        sent.push(request.headers);
        return { status: 200, headers: { etag: '"e"' }, body };
      },
    });
    await putObject(client, { key: 'k', body: Buffer.from('hello') });
    await putObject(client, { key: 'k', body: new Uint8Array(0) });
    expect(sent.map((headers) => headers['x-amz-content-sha256'])).toEqual(['UNSIGNED-PAYLOAD', sha256('')]);
    expect(sent[0]).toMatchObject({ 'content-md5': md5('hello'), authorization: expect.stringContaining('content-md5') });
  });

  async function* hello(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('hel');
    yield Buffer.from('lo');
  }

  it('writes a stream of known size, with its MD5 where that is known', async () => {
    const { client, server } = await setUp([written]);
    await putObject(client, { key: 'k', body: { stream: hello(), size: 5, md5Base64: md5('hello') } });
    await putObject(client, { key: 'k', body: { stream: hello(), size: 5 } });
    expect(server.requests.map(({ body, headers }) => [body.toString(), headers['content-length'], headers['content-md5']])).toEqual([
      ['hello', '5', md5('hello')],
      ['hello', '5', undefined],
    ]);
  });

  it('sends a stream again only when it is given as a function', async () => {
    const slow = errorAnswer(503, 'SlowDown');
    const once = await setUp([slow, written]);
    expect(await failureOfPromise(putObject(once.client, { key: 'k', body: { stream: hello(), size: 5 } }), S3Error)).toMatchObject({
      code: 'SlowDown',
      attempts: 1,
    });
    const again = await setUp([slow, written]);
    expect((await putObject(again.client, { key: 'k', body: { stream: hello, size: 5 } })).etag).toBe('e');
    expect(again.server.requests.map(({ body }) => body.toString())).toEqual(['hello', 'hello']);
  });

  it('gets fresh credentials for a stream given as a function', async () => {
    let asked = 0;
    const { client, server } = await setUp([errorAnswer(400, 'ExpiredToken'), written], {
      credentials: async () => {
        asked += 1;
        return { ...KEYS, sessionToken: `t${asked}` };
      },
    });
    await putObject(client, { key: 'k', body: { stream: hello, size: 5 } });
    expect(server.requests.map(({ headers }) => headers['x-amz-security-token'])).toEqual(['t1', 't2']);
  });

  it('fails with the error of the source of its stream', async () => {
    const { client } = await setUp([written]);
    const broken = new S3Error({ operation: 'GetObject', bucket: 'src', key: 's', code: 'TruncatedBody', status: 200, reason: 'short' });
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('hel');
      throw broken;
    }
    expect(await failureOfPromise(putObject(client, { key: 'k', body: { stream: source(), size: 5 } }), S3Error)).toBe(broken);
  });

  it('does not end a short stream as if it were whole', async () => {
    const { client } = await setUp([written]);
    async function* short(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('hel');
    }
    expect(await failureOfPromise(putObject(client, { key: 'k', body: { stream: short(), size: 5 } }), S3Error)).toMatchObject({
      code: 'WrongBodySize',
      retryClass: 'final',
    });
  });

  it('does not call an object written that has no ETag', async () => {
    const { client } = await setUp([{}]);
    expect((await failureOfPromise(putObject(client, { key: 'k', body: Buffer.from('x') }), S3Error)).code).toBe('MalformedAnswer');
  });
});

describe('deleteObjects', () => {
  const done: ScriptedAnswer = { body: '<?xml version="1.0"?>\n<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>' };

  it('sends the keys escaped, with an MD5, and gives those that were refused', async () => {
    const refused = '<DeleteResult><Error><Key>a&amp;b&#10;</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error></DeleteResult>';
    const { client, server } = await setUp([{ body: refused }]);
    expect(await deleteObjects(client, { keys: ['a&b\n', '<x>'] })).toEqual([{ key: 'a&b\n', code: 'AccessDenied', message: 'Access Denied' }]);
    const body = server.requests[0]?.body.toString() ?? '';
    expect(server.requests[0]).toMatchObject({ method: 'POST', url: '/books/?delete=' });
    expect(body).toContain('<Quiet>true</Quiet><Object><Key>a&amp;b&#10;</Key></Object><Object><Key>&lt;x&gt;</Key></Object>');
    expect(server.requests[0]?.headers).toMatchObject({ 'content-md5': md5(body), 'x-amz-content-sha256': sha256(body) });
  });

  it('sends a thousand keys a request', async () => {
    const { client, server } = await setUp([done]);
    await deleteObjects(client, { keys: Array.from({ length: 2001 }, (_, i) => `k${i}`) });
    expect(server.requests.map(({ body }) => body.toString().split('<Key>').length - 1)).toEqual([1000, 1000, 1]);
  });

  it('deletes keys that XML has no form for one by one', async () => {
    const { client, server } = await setUp([done, { status: 204 }, errorAnswer(403, 'AccessDenied')]);
    expect(await deleteObjects(client, { keys: ['\u0001', 'a', '\u0002'] })).toEqual([
      { key: '\u0002', code: 'AccessDenied', message: 'the message of AccessDenied' },
    ]);
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /books/?delete=', 'DELETE /books/%01', 'DELETE /books/%02']);
  });

  it('fails where there is no answer', async () => {
    const { client, server } = await setUp([done], { maxAttempts: 1 });
    await server.close();
    expect((await failureOfPromise(deleteObjects(client, { keys: ['\u0001'] }), S3Error)).status).toBe(0);
  });

  it('asks nothing for no keys', async () => {
    const { client, server } = await setUp([done]);
    expect(await deleteObjects(client, { keys: [] })).toEqual([]);
    expect(server.requests).toEqual([]);
  });
});
