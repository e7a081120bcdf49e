/** Ids of versions. */
import { randomBytes } from 'node:crypto';

/** A new id: 32 characters like S3's, from which no order can be read. */
export function newVersionId(): string {
  return randomBytes(24).toString('base64url').replaceAll('-', '.');
}
