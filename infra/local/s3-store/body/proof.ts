/** Whether a request says what its body must hash to, which some operations insist on. A signature's hash does not count. */
import type { S3Request } from '../request.ts';
import { ServiceError } from '../service-error.ts';

const PROOFS = ['content-md5', 'x-amz-trailer', 'x-amz-sdk-checksum-algorithm'];

/** Whether there is a Content-MD5 or a checksum, as a header or a trailer. */
export function hasProof({ headers }: S3Request): boolean {
  return PROOFS.some((name) => headers[name] !== undefined) || Object.keys(headers).some((name) => name.startsWith('x-amz-checksum-'));
}

/** `InvalidRequest` for a document without a proof. */
export function checkProof(request: S3Request): void {
  if (!hasProof(request)) throw new ServiceError('InvalidRequest', { message: 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*' });
}
