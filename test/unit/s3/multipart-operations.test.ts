import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { abortMultipartUpload } from '../../../emr-steps/s3/abort-multipart-upload.ts';
import { completeMultipartUpload } from '../../../emr-steps/s3/complete-multipart-upload.ts';
import { createMultipartUpload } from '../../../emr-steps/s3/create-multipart-upload.ts';
import { listMultipartUploads } from '../../../emr-steps/s3/list-multipart-uploads.ts';
import { listParts } from '../../../emr-steps/s3/list-parts.ts';
import { S3Error } from '../../../emr-steps/s3/s3-error.ts';
import { uploadPart } from '../../../emr-steps/s3/upload-part.ts';
import { uploadPartCopy } from '../../../emr-steps/s3/upload-part-copy.ts';
import { errorAnswer, failureOfPromise, setUp } from './client-under-test.ts';

const UPLOAD = { key: 'a b', uploadId: 'id+/=' } as const;

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('createMultipartUpload', () => {
  it('gives everything that the object is to keep', async () => {
    const { client, server } = await setUp([
      {
        body: '<InitiateMultipartUploadResult><UploadId>u&amp;1</UploadId></InitiateMultipartUploadResult>',
        headers: { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': 'k1' },
      },
    ]);
    const kept = { 'content-type': 'text/plain', 'cache-control': 'no-cache', 'x-amz-meta-a': '1', 'x-amz-website-redirect-location': '/x' };
    const result = await createMultipartUpload(client, {
      key: 'k',
      storageClass: 'ONEZONE_IA',
      kept,
      tags: [{ key: 'a', value: 'b' }],
      headers: { 'x-amz-checksum-algorithm': 'SHA256' },
    });
    expect(result).toEqual({ uploadId: 'u&1', encryption: { algorithm: 'aws:kms', kmsKeyId: 'k1' } });
    expect(server.requests[0]).toMatchObject({ method: 'POST', url: '/books/k?uploads=' });
    expect(server.requests[0]?.headers).toMatchObject({
      ...kept,
      'x-amz-tagging': 'a=b',
      'x-amz-storage-class': 'ONEZONE_IA',
      'x-amz-checksum-algorithm': 'SHA256',
    });
  });

  it('does not take an answer without an upload id', async () => {
    const { client, server } = await setUp([{ body: '<InitiateMultipartUploadResult><UploadId/></InitiateMultipartUploadResult>' }]);
    const creating = createMultipartUpload(client, { key: 'k', storageClass: null, kept: {}, tags: [] });
    expect((await failureOfPromise(creating, S3Error)).code).toBe('MalformedAnswer');
    expect(Object.keys(server.requests[0]?.headers ?? {}).filter((name) => /tagging|storage/.test(name))).toEqual([]);
  });
});

describe('uploadPart', () => {
  it('writes a part with its MD5', async () => {
    const { client, server } = await setUp([{ headers: { etag: '"p1"' } }]);
    expect(await uploadPart(client, { ...UPLOAD, partNumber: 7, body: Buffer.from('part') })).toEqual({ etag: 'p1', encryption: null, checksums: {} });
    expect(server.requests[0]).toMatchObject({ method: 'PUT', url: '/books/a%20b?partNumber=7&uploadId=id%2B%2F%3D' });
    expect(server.requests[0]?.headers['content-md5']).toBe(createHash('md5').update('part').digest('base64'));
  });

  it('sends the checksum of a part and reads what the service says of it', async () => {
    const { client, server } = await setUp([{ headers: { etag: '"p1"', 'x-amz-checksum-sha256': 'ab=' } }]);
    const part = { ...UPLOAD, partNumber: 1, body: Buffer.from('part'), headers: { 'x-amz-checksum-sha256': 'ab=' } };
    expect((await uploadPart(client, part)).checksums).toEqual({ sha256: 'ab=' });
    expect(server.requests[0]?.headers['x-amz-checksum-sha256']).toBe('ab=');
  });

  it('says that the upload is gone', async () => {
    const { client } = await setUp([errorAnswer(404, 'NoSuchUpload')]);
    const writing = uploadPart(client, { ...UPLOAD, partNumber: 1, body: new Uint8Array(0) });
    expect(await failureOfPromise(writing, S3Error)).toMatchObject({ code: 'NoSuchUpload', retryClass: 'final' });
  });
});

describe('uploadPartCopy', () => {
  const source = { bucket: 'src', key: 's/ä', etag: 'e' };
  const copied = { body: '<?xml version="1.0"?>\n\n<CopyPartResult><ETag>&quot;p1&quot;</ETag><ChecksumCRC32C>c==</ChecksumCRC32C></CopyPartResult>' };

  it('copies a range, pinned by ETag', async () => {
    const { client, server } = await setUp([copied]);
    expect(await uploadPartCopy(client, { ...UPLOAD, partNumber: 2, source, range: { firstByte: 10, lastByte: 19 } })).toEqual({
      etag: 'p1',
      encryption: null,
      checksums: { crc32c: 'c==' },
    });
    expect(server.requests[0]?.headers).toMatchObject({
      'x-amz-copy-source': '/src/s/%C3%A4',
      'x-amz-copy-source-if-match': '"e"',
      'x-amz-copy-source-range': 'bytes=10-19',
    });
  });

  it('copies the whole source without a range', async () => {
    const { client, server } = await setUp([copied]);
    await uploadPartCopy(client, { ...UPLOAD, partNumber: 1, source, range: null });
    expect(server.requests[0]?.headers).not.toHaveProperty('x-amz-copy-source-range');
  });

  it('repeats an answer 200 that holds an error', async () => {
    const { client, server } = await setUp([{ body: '\n \n<?xml version="1.0"?><Error><Code>InternalError</Code></Error>' }, copied]);
    expect(await uploadPartCopy(client, { ...UPLOAD, partNumber: 1, source, range: null })).toMatchObject({ etag: 'p1', encryption: null });
    expect(server.requests).toHaveLength(2);
  });
});

describe('completeMultipartUpload', () => {
  const parts = [
    { partNumber: 1, etag: 'p1' },
    { partNumber: 2, etag: 'p2' },
  ];

  it('sends the parts and reads the ETag after the blanks that keep the connection alive', async () => {
    const body =
      '<?xml version="1.0"?>   \n   <CompleteMultipartUploadResult><Location>l</Location><ETag>&quot;e-2&quot;</ETag></CompleteMultipartUploadResult>';
    const { client, server } = await setUp([{ body, headers: { 'x-amz-server-side-encryption': 'aws:kms' } }]);
    const result = await completeMultipartUpload(client, { ...UPLOAD, parts, headers: { 'if-none-match': '*' } });
    expect(result).toEqual({ etag: 'e-2', encryption: { algorithm: 'aws:kms', kmsKeyId: null }, checksums: {}, checksumType: null });
    expect(server.requests[0]).toMatchObject({ method: 'POST', url: '/books/a%20b?uploadId=id%2B%2F%3D' });
    expect(server.requests[0]?.headers['if-none-match']).toBe('*');
    expect(server.requests[0]?.body.toString()).toContain(
      '<Part><PartNumber>1</PartNumber><ETag>"p1"</ETag></Part><Part><PartNumber>2</PartNumber><ETag>"p2"</ETag></Part></CompleteMultipartUpload>',
    );
  });

  it('tells how often it was sent when the upload is gone, because an earlier attempt may have completed it', async () => {
    const { client } = await setUp([(_response, _request, raw) => raw.socket.resetAndDestroy(), errorAnswer(404, 'NoSuchUpload')]);
    expect(await failureOfPromise(completeMultipartUpload(client, { ...UPLOAD, parts }), S3Error)).toMatchObject({ code: 'NoSuchUpload', attempts: 2 });
  });

  it.each(['InvalidPart', 'EntityTooSmall', 'NoSuchUpload'])('does not repeat %s inside an answer 200', async (code) => {
    const { client, server } = await setUp([{ body: `<Error><Code>${code}</Code></Error>` }]);
    expect(await failureOfPromise(completeMultipartUpload(client, { ...UPLOAD, parts }), S3Error)).toMatchObject({ code, retryClass: 'final' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('abortMultipartUpload', () => {
  it('deletes the upload', async () => {
    const { client, server } = await setUp([{ status: 204 }]);
    await abortMultipartUpload(client, UPLOAD);
    expect(server.requests[0]).toMatchObject({ method: 'DELETE', url: '/books/a%20b?uploadId=id%2B%2F%3D' });
  });
});

describe('listMultipartUploads', () => {
  const upload = (key: string, id: string): string =>
    `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiator><ID>arn:aws:iam::1:role/r&amp;d</ID></Initiator><Owner><ID>o</ID></Owner><Initiated>2026-11-20T10:00:00.000Z</Initiated></Upload>`;
  const page = (inside: string, head = '<EncodingType>url</EncodingType>'): { body: string } => ({
    body: `<ListMultipartUploadsResult><KeyMarker/><UploadIdMarker/>${head}${inside}</ListMultipartUploadsResult>`,
  });

  it('lists all pages with both markers and decodes what is encoded', async () => {
    const { client, server } = await setUp([
      page(
        `<NextKeyMarker>a%2Bb+c</NextKeyMarker><NextUploadIdMarker>u2</NextUploadIdMarker><IsTruncated>true</IsTruncated>${upload('a%20b', 'u1')}${upload('a%2Bb+c', 'u2')}`,
      ),
      page(`<IsTruncated>false</IsTruncated>${upload('%C3%A4%0A', 'u3')}`),
    ]);
    const uploads = await all(listMultipartUploads(client, { prefix: 'a' }));
    expect(uploads.map(({ key, uploadId }) => [key, uploadId])).toEqual([
      ['a b', 'u1'],
      ['a+b c', 'u2'],
      ['ä\n', 'u3'],
    ]);
    expect(uploads[0]).toMatchObject({ initiated: new Date('2026-11-20T10:00:00Z'), initiator: 'arn:aws:iam::1:role/r&d' });
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/books/?encoding-type=url&max-uploads=1000&prefix=a&uploads=',
      '/books/?encoding-type=url&key-marker=a%2Bb%20c&max-uploads=1000&prefix=a&upload-id-marker=u2&uploads=',
    ]);
  });

  it('leaves keys as they are where the server did not encode them', async () => {
    const bare = '<Upload><Key>%41+&amp;</Key><UploadId>u</UploadId><Initiated>x</Initiated></Upload>';
    const { client } = await setUp([page(bare, '')]);
    expect(await all(listMultipartUploads(client))).toMatchObject([{ key: '%41+&', uploadId: 'u', initiator: null }]);
  });

  it('refuses a list that goes on where it is already, or nowhere, rather than to leave uploads out', async () => {
    const { client, server } = await setUp([page('<NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>u</NextUploadIdMarker><IsTruncated>true</IsTruncated>')]);
    await expect(all(listMultipartUploads(client))).rejects.toMatchObject({ code: 'MalformedAnswer', operation: 'ListMultipartUploads', retryable: true });
    expect(server.requests).toHaveLength(2);
    const unsaid = await setUp([page('<IsTruncated>true</IsTruncated>')]);
    await expect(all(listMultipartUploads(unsaid.client))).rejects.toMatchObject({ code: 'MalformedAnswer' });
  });

  it('ends with the reason of its signal', async () => {
    const { client } = await setUp([page('')]);
    await expect(all(listMultipartUploads(client, { signal: AbortSignal.abort('stop') }))).rejects.toBe('stop');
  });
});

describe('the checksums of an upload', () => {
  it('are named part by part, and come back of the whole', async () => {
    const body =
      '<CompleteMultipartUploadResult><ETag>e-2</ETag><ChecksumSHA256>ab=-2</ChecksumSHA256><ChecksumType>COMPOSITE</ChecksumType></CompleteMultipartUploadResult>';
    const { client, server } = await setUp([{ body }]);
    const parts = [
      { partNumber: 1, etag: 'p1', checksum: { algorithm: 'SHA256', value: 'a+/=' } },
      { partNumber: 2, etag: 'p2', checksum: null },
    ];
    const result = await completeMultipartUpload(client, { ...UPLOAD, parts });
    expect(result).toMatchObject({ checksums: { sha256: 'ab=-2' }, checksumType: 'COMPOSITE' });
    expect(server.requests[0]?.body.toString()).toContain(
      '<ETag>"p1"</ETag><ChecksumSHA256>a+/=</ChecksumSHA256></Part><Part><PartNumber>2</PartNumber><ETag>"p2"</ETag></Part>',
    );
  });
});

describe('listParts', () => {
  const part = (number: number): string =>
    `<Part><PartNumber>${number}</PartNumber><ETag>&quot;p${number}&quot;</ETag><Size>${number * 10}</Size><ChecksumSHA1>s${number}</ChecksumSHA1></Part>`;

  it('reads all pages', async () => {
    const { client, server } = await setUp([
      { body: `<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>2</NextPartNumberMarker>${part(1)}${part(2)}</ListPartsResult>` },
      { body: `<ListPartsResult><IsTruncated>false</IsTruncated>${part(3)}</ListPartsResult>` },
    ]);
    expect(await listParts(client, UPLOAD)).toEqual([
      { partNumber: 1, etag: 'p1', size: 10, checksums: { sha1: 's1' } },
      { partNumber: 2, etag: 'p2', size: 20, checksums: { sha1: 's2' } },
      { partNumber: 3, etag: 'p3', size: 30, checksums: { sha1: 's3' } },
    ]);
    expect(server.requests.map(({ url }) => url.split('?')[1])).toEqual([
      'max-parts=1000&uploadId=id%2B%2F%3D',
      'max-parts=1000&part-number-marker=2&uploadId=id%2B%2F%3D',
    ]);
  });

  it('refuses a list that goes on where it is already, or nowhere, rather than to leave parts out', async () => {
    const { client, server } = await setUp([
      { body: `<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>1</NextPartNumberMarker>${part(1)}</ListPartsResult>` },
    ]);
    await expect(listParts(client, UPLOAD)).rejects.toMatchObject({ code: 'MalformedAnswer', operation: 'ListParts', key: 'a b' });
    expect(server.requests).toHaveLength(2);
    const unsaid = await setUp([{ body: `<ListPartsResult><IsTruncated>true</IsTruncated>${part(1)}</ListPartsResult>` }]);
    await expect(listParts(unsaid.client, UPLOAD)).rejects.toMatchObject({ code: 'MalformedAnswer' });
  });
});
