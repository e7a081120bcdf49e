/** The Content-MD5 of what is written: a bucket with Object Lock refuses writes without it, and every server checks it. */
import { hash } from 'node:crypto';
import type { RequestBody } from './s3-request.ts';

/** The header `content-md5`; none for a stream whose MD5 nobody knows before it is sent. */
export function digestHeader(body: RequestBody): Record<string, string> {
  if (body instanceof Uint8Array) return { 'content-md5': hash('md5', body, 'base64') };
  if (body.size === 0) return { 'content-md5': hash('md5', '', 'base64') };
  return body.md5Base64 === undefined ? {} : { 'content-md5': body.md5Base64 };
}

/** Bytes of a body. */
export function bodySize(body: RequestBody): number {
  return body instanceof Uint8Array ? body.length : body.size;
}
