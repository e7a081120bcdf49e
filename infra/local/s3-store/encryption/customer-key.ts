/** Keys that the customer sends with each request (SSE-C). The store keeps the MD5 of one, to tell whether it comes again. */
import { hash } from 'node:crypto';
import type { Encryption } from '../bucket.ts';
import type { S3Request } from '../request.ts';
import { ServiceError } from '../service-error.ts';

/** Headers of a request's own key, and of the key of the object that it copies. */
export type CustomerKeyPrefix = 'x-amz-server-side-encryption-customer-' | 'x-amz-copy-source-server-side-encryption-customer-';

/** The headers of the object that a request writes or reads. */
export const OWN_KEY: CustomerKeyPrefix = 'x-amz-server-side-encryption-customer-';
/** The headers of the object that it copies. */
export const SOURCE_KEY: CustomerKeyPrefix = 'x-amz-copy-source-server-side-encryption-customer-';

const KEY_BYTES = 32;

function refused(message: string, header: string): ServiceError {
  return new ServiceError('InvalidArgument', { message, elements: { ArgumentName: header } });
}

/** The MD5, in base64, of the key that a request brings; null when it brings none. Three headers belong together, and must fit. */
export function customerKeyMd5({ headers }: S3Request, prefix: CustomerKeyPrefix): string | null {
  const [algorithm, key, md5] = ['algorithm', 'key', 'key-md5'].map((name) => headers[prefix + name]);
  if (algorithm === undefined && key === undefined && md5 === undefined) return null;
  if (algorithm !== 'AES256')
    throw new ServiceError('InvalidEncryptionAlgorithmError', { elements: { ArgumentName: `${prefix}algorithm`, ArgumentValue: algorithm ?? '' } });
  const bytes = Buffer.from(key ?? '', 'base64');
  if (bytes.length !== KEY_BYTES) throw refused('The secret key was invalid for the specified algorithm.', `${prefix}key`);
  if (md5 !== hash('md5', bytes, 'base64')) throw refused('The calculated MD5 hash of the key did not match the hash that was provided.', `${prefix}key-MD5`);
  return md5;
}

/** Whether a request brings the key of what it reads or adds to: 400 where it brings none or too much, 403 where it brings another. */
export function checkCustomerKey(request: S3Request, { customerKeyMd5: wanted }: Encryption, prefix: CustomerKeyPrefix): void {
  const brought = customerKeyMd5(request, prefix);
  if (brought === (wanted ?? null)) return;
  if (wanted === undefined) throw new ServiceError('InvalidRequest', { message: 'The encryption parameters are not applicable to this object.' });
  if (brought !== null) throw new ServiceError('AccessDenied');
  throw new ServiceError('InvalidRequest', {
    message: 'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
  });
}
