/** UploadPartCopy: one part of an upload, copied inside S3. */
import { answerXml, requiredText } from './answer-text.ts';
import { checksumsIn } from './checksum-names.ts';
import { type ByteRange, type CopySource, copySourceHeaders, rangeHeader, rangeLength } from './copy-source.ts';
import { encryptionOf, unquoted } from './object-headers.ts';
import type { S3Client } from './s3-client.ts';
import type { WrittenPart } from './upload-part.ts';
import { queryString } from './uri.ts';

/** Which part, and where its bytes are. */
export interface UploadPartCopyInput {
  readonly key: string;
  readonly uploadId: string;
  /** 1 to 10,000. */
  readonly partNumber: number;
  readonly source: CopySource;
  /** Null: the whole source, which is the only way for one of at most 5 MB. */
  readonly range: ByteRange | null;
}

const LARGEST_BYTES = 5 * 1024 ** 3;

/** Copies a part; the same part may be copied again. The time limit grows with the range. */
export async function uploadPartCopy(client: S3Client, input: UploadPartCopyInput, signal?: AbortSignal): Promise<WrittenPart> {
  const { key, partNumber, range, uploadId } = input;
  const headers = copySourceHeaders(input.source);
  if (range !== null) headers['x-amz-copy-source-range'] = rangeHeader(range);
  const query = queryString({ partNumber, uploadId });
  const payloadBytes = range === null ? LARGEST_BYTES : rangeLength(range);
  const request = { operation: 'UploadPartCopy', method: 'PUT', key, query, headers, payloadBytes, root: 'CopyPartResult' } as const;
  const answer = await client.send(request, signal);
  const xml = answerXml(answer);
  return { etag: unquoted(requiredText(xml, 'ETag', client, request, answer)), encryption: encryptionOf(answer.headers), checksums: checksumsIn(xml) };
}
