/** From a path or URL to the run directory there. */
import type { S3Client } from '../s3/s3-client.ts';
import { fileRunDirectory } from './file-run-directory.ts';
import { type RunDirectory, RunPathError } from './run-directory.ts';
import { s3RunDirectory } from './s3-run-directory.ts';

/** Gives the client of a bucket; whoever makes it closes it. */
export type BucketClients = (bucket: string) => S3Client;

/**
 * The directory at `base`.
 *
 * @param base - a path, or `s3://bucket/prefix`
 * @param clients - asked only for `s3://`
 * @throws RunPathError at `s3://` without a bucket
 */
export function runDirectory(base: string, clients: BucketClients): RunDirectory {
  if (!/^s3[an]?:\/\//.test(base)) return fileRunDirectory(base);
  const [, bucket, prefix = ''] = /^s3[an]?:\/\/([^/]+)(?:\/(.*?))?\/*$/s.exec(base) ?? [];
  if (bucket === undefined) throw new RunPathError(base);
  return s3RunDirectory(clients(bucket), prefix);
}
