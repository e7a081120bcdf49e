/** AbortMultipartUpload: an upload and its parts are thrown away. */
import type { S3Client } from './s3-client.ts';
import { queryString } from './uri.ts';

/**
 * Aborts an upload.
 *
 * @throws {S3Error} `NoSuchUpload` when it is not there (any more)
 */
export async function abortMultipartUpload(client: S3Client, input: { readonly key: string; readonly uploadId: string }, signal?: AbortSignal): Promise<void> {
  const query = queryString({ uploadId: input.uploadId });
  await client.send({ operation: 'AbortMultipartUpload', method: 'DELETE', key: input.key, query }, signal);
}
