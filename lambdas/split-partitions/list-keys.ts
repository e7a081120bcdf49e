/** Questions of sampling as requests to S3. */
import { commonPrefix } from '../../emr-steps/keyspace/byte-order.ts';
import { listedText, listObjectsV2 } from '../../emr-steps/s3/list-objects-v2.ts';
import { ENTRY_STRIDE, ListingScanner, type ScannedListing } from '../../emr-steps/s3/listing-scanner.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import type { AskForKeys } from './sample-keys.ts';

/** By ListObjectsV2. @param prefix - what every key begins with */
export function listKeys(client: S3Client, prefix: string): AskForKeys {
  const scanner = new ListingScanner();
  return async ({ startAfter, end, maxKeys }, read, signal) => {
    const common = startAfter === null || end === null ? prefix : commonPrefix(startAfter, end);
    const input = { prefix: common, delimiter: '', startAfter, continuationToken: null, maxKeys, restoreStatus: false };
    await listObjectsV2(client, input, scanner, (page) => read({ count: page.count, keyAt: keyAt(page), hasMore: page.isTruncated }), signal);
  };
}

function keyAt(page: ScannedListing): (index: number) => string {
  return (index) => listedText(page, page.fields[index * ENTRY_STRIDE] as number, page.fields[index * ENTRY_STRIDE + 1] as number);
}
