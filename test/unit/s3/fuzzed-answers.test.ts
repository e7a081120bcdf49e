/** Answers that were cut at every byte, hold elements that nobody knows, or bytes that are no UTF-8, or never end: an S3Error, or the same result; never a hang or less than was sent. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeMultipartUpload } from '../../../emr-steps/s3/complete-multipart-upload.ts';
import { copyObject } from '../../../emr-steps/s3/copy-object.ts';
import { createMultipartUpload } from '../../../emr-steps/s3/create-multipart-upload.ts';
import { deleteObjects } from '../../../emr-steps/s3/delete-objects.ts';
import { getObjectAttributes } from '../../../emr-steps/s3/get-object-attributes.ts';
import { listMultipartUploads } from '../../../emr-steps/s3/list-multipart-uploads.ts';
import { listParts } from '../../../emr-steps/s3/list-parts.ts';
import { createS3Client, type S3Client } from '../../../emr-steps/s3/s3-client.ts';
import { S3Error } from '../../../emr-steps/s3/s3-error.ts';
import { getObjectTagging } from '../../../emr-steps/s3/tagging.ts';
import type { HttpAnswer, Transport } from '../../../emr-steps/s3/transport.ts';
import { uploadPartCopy } from '../../../emr-steps/s3/upload-part-copy.ts';
import { clientOptions, setUp } from './client-under-test.ts';

/** A client that gets this body as every answer, with its right length. */
function clientOf(bytes: Uint8Array): S3Client {
  async function* chunks(): AsyncGenerator<Uint8Array, undefined> {
    yield bytes;
  }
  const transport: Transport = async () => {
    const body = { [Symbol.asyncIterator]: chunks, bytes: async () => bytes, discard: async () => undefined };
    return { status: 200, headers: { 'content-length': String(bytes.length) }, body } as unknown as HttpAnswer;
  };
  return createS3Client({ ...clientOptions('http://127.0.0.1:1', transport), maxAttempts: 1 });
}

const ETAG = '9a0364b9e99bb480dd25e1f0284c8555';
const PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n';
const source = { bucket: 'a', key: 'k', etag: ETAG };

async function allOf<T>(rows: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

/** Each operation whose answer is a document, and a document. */
const OPERATIONS: readonly (readonly [string, string, (client: S3Client) => Promise<unknown>])[] = [
  [
    'CopyObject',
    `<CopyObjectResult><ETag>&quot;${ETAG}&quot;</ETag><LastModified>2026-01-01T00:00:00.000Z</LastModified></CopyObjectResult>`,
    (client) => copyObject(client, { key: 'k', source, storageClass: null, size: 1 }),
  ],
  [
    'UploadPartCopy',
    `<CopyPartResult><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"${ETAG}"</ETag></CopyPartResult>`,
    (client) => uploadPartCopy(client, { key: 'k', uploadId: 'u', partNumber: 1, source, range: null }),
  ],
  [
    'CreateMultipartUpload',
    '<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>upload&amp;1</UploadId></InitiateMultipartUploadResult>',
    (client) => createMultipartUpload(client, { key: 'k', storageClass: null, kept: {}, tags: [] }),
  ],
  [
    'CompleteMultipartUpload',
    `<CompleteMultipartUploadResult><Location>l</Location><Bucket>b</Bucket><Key>k</Key><ETag>"${ETAG}-1"</ETag></CompleteMultipartUploadResult>`,
    (client) => completeMultipartUpload(client, { key: 'k', uploadId: 'u', parts: [{ partNumber: 1, etag: ETAG }] }),
  ],
  [
    'ListParts',
    `<ListPartsResult><IsTruncated>false</IsTruncated><Part><PartNumber>1</PartNumber><ETag>"${ETAG}"</ETag><Size>5</Size></Part><Part><PartNumber>2</PartNumber><ETag>"${ETAG}"</ETag><Size>6</Size></Part></ListPartsResult>`,
    (client) => listParts(client, { key: 'k', uploadId: 'u' }),
  ],
  [
    'ListMultipartUploads',
    '<ListMultipartUploadsResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated><Upload><Key>a%2Bb</Key><UploadId>u1</UploadId><Initiator><ID>me</ID></Initiator><Initiated>2026-01-01T00:00:00.000Z</Initiated></Upload></ListMultipartUploadsResult>',
    (client) => allOf(listMultipartUploads(client)),
  ],
  [
    'GetObjectTagging',
    '<Tagging><TagSet><Tag><Key>one</Key><Value>1 &lt; 2</Value></Tag><Tag><Key>two</Key><Value></Value></Tag></TagSet></Tagging>',
    (client) => getObjectTagging(client, { key: 'k' }),
  ],
  [
    'GetObjectAttributes',
    '<GetObjectAttributesResponse><ObjectParts><PartsCount>2</PartsCount><IsTruncated>false</IsTruncated><Part><PartNumber>1</PartNumber><Size>5</Size></Part><Part><PartNumber>2</PartNumber><Size>1</Size></Part></ObjectParts><ObjectSize>6</ObjectSize></GetObjectAttributesResponse>',
    (client) => getObjectAttributes(client, { key: 'k' }),
  ],
  [
    'DeleteObjects',
    '<DeleteResult><Error><Key>k</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>',
    (client) => deleteObjects(client, { keys: ['k'] }),
  ],
];

/** Servers name this root in several ways; what is not known is then null, which never means one part. */
const NOTHING_KNOWN = { partsCount: null, parts: null, objectSize: null };

describe.each(OPERATIONS)('the answer to %s', (name, document, ask) => {
  const bytes = Buffer.from(PROLOG + document);

  it('is an error wherever it is cut', async () => {
    await ask(clientOf(bytes));
    for (let length = 0; length < bytes.length; length += 1) {
      const end = await ask(clientOf(bytes.subarray(0, length))).then(
        () => 'a result',
        (error: unknown) => error,
      );
      expect(end, `cut at ${length}`).toBeInstanceOf(S3Error);
    }
  });

  it('means the same with elements that nobody knows', async () => {
    const expected = await ask(clientOf(bytes));
    const places = [...document.matchAll(/<(?!\/)/g)].map((match) => match.index).slice(1);
    for (const place of places) {
      const strange = `${PROLOG}${document.slice(0, place)}<Unheard of="1">of <b/></Unheard>${document.slice(place)}`;
      expect(await ask(clientOf(Buffer.from(strange))), strange).toEqual(expected);
    }
  });

  it('is an error or the same result where bytes of it were changed', async () => {
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.constantFrom(0xff, 0x80, 0x00, 0x3c, 0x26));
    await fc.assert(
      fc.asyncProperty(change, async ([at, byte]) => {
        const changed = Buffer.from(bytes);
        changed[at] = byte;
        const end = await ask(clientOf(changed)).catch((error: unknown) => error);
        if (end instanceof Error) expect(end).toBeInstanceOf(S3Error);
      }),
      { numRuns: 300 },
    );
  });

  it('is an error where it is another document, or none', async () => {
    for (const other of ['', '{}', 'hello', '<html><body>proxy</body></html>', `${PROLOG}<Other/>`, '<', '\u0000']) {
      const end = await ask(clientOf(Buffer.from(other))).catch((error: unknown) => error);
      if (name === 'GetObjectAttributes' && !(end instanceof Error)) expect(end, other).toEqual(NOTHING_KNOWN);
      else expect(end, other).toBeInstanceOf(S3Error);
    }
  });
});

describe('a body that never ends', () => {
  it('is given up as malformed, with flat memory', { timeout: 60_000 }, async () => {
    const { client } = await setUp(
      [
        (response) => {
          response.writeHead(200, { 'content-type': 'application/xml' });
          const chunk = Buffer.alloc(1024 * 1024, 'x');
          const more = (): void => {
            while (!response.destroyed && response.write(chunk));
          };
          response.write('<ListPartsResult>');
          response.on('drain', more);
          more();
        },
      ],
      { maxAttempts: 1 },
    );
    await expect(listParts(client, { key: 'k', uploadId: 'u' })).rejects.toMatchObject({ name: 'S3Error', code: 'MalformedAnswer' });
  });
});
