/** Stores demo objects through HTTP, as any client would. */
import { completeMultipartUpload } from '../../emr-steps/s3/complete-multipart-upload.ts';
import { createMultipartUpload } from '../../emr-steps/s3/create-multipart-upload.ts';
import { putObject } from '../../emr-steps/s3/put-object.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { uploadPart } from '../../emr-steps/s3/upload-part.ts';
import { type DemoObject, demoBytes } from './demo-object.ts';

/** Objects under way at once; the largest has 20 MiB. */
const CONCURRENCY = 8;

async function storeInParts(client: S3Client, object: DemoObject, sizes: readonly number[]): Promise<void> {
  const { key, storageClass, headers: kept, tags } = object;
  const { uploadId } = await createMultipartUpload(client, { key, storageClass, kept, tags });
  const bytes = demoBytes(object);
  const parts: { partNumber: number; etag: string }[] = [];
  let at = 0;
  for (const [index, size] of sizes.entries()) {
    const partNumber = index + 1;
    const { etag } = await uploadPart(client, { key, uploadId, partNumber, body: bytes.subarray(at, at + size) });
    parts.push({ partNumber, etag });
    at += size;
  }
  await completeMultipartUpload(client, { key, uploadId, parts });
}

async function store(client: S3Client, object: DemoObject): Promise<void> {
  if (object.parts !== null) return storeInParts(client, object, object.parts);
  const { key, storageClass, headers: kept, tags } = object;
  await putObject(client, { key, body: demoBytes(object), storageClass, kept, tags });
}

/** Stores these objects in the client's bucket. */
export async function fill(client: S3Client, objects: readonly DemoObject[]): Promise<void> {
  const waiting = objects.values();
  const worker = async () => {
    for (const object of waiting) await store(client, object);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}
