/** HeadObject: size, ETag, part count and everything that a copy must keep. */
import { type ObjectHead, objectHead, quoted } from './object-headers.ts';
import type { S3Client } from './s3-client.ts';
import { queryString } from './uri.ts';

/** What to ask for. */
export interface HeadObjectInput {
  readonly key: string;
  /** Asks for one part of a multipart object, 1 first; the answer then tells the number of parts and this part's size. */
  readonly partNumber?: number | undefined;
  /** 412 unless the object has this ETag. */
  readonly ifMatch?: string | undefined;
  /** Also the stored checksums. */
  readonly checksumMode?: boolean | undefined;
}

/**
 * Reads an object's headers.
 *
 * @throws {S3Error} `NotFound` (status 404): key or bucket is missing, a HEAD does not say which
 */
export async function headObject(client: S3Client, input: HeadObjectInput, signal?: AbortSignal): Promise<ObjectHead> {
  const headers: Record<string, string> = {};
  if (input.ifMatch !== undefined) headers['if-match'] = quoted(input.ifMatch);
  if (input.checksumMode === true) headers['x-amz-checksum-mode'] = 'ENABLED';
  const query = input.partNumber === undefined ? '' : queryString({ partNumber: input.partNumber });
  const answer = await client.send({ operation: 'HeadObject', method: 'HEAD', key: input.key, query, headers }, signal);
  return objectHead(answer.headers);
}
