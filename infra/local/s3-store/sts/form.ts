/** The form of a request to STS: the query protocol, a body of `name=value` pairs. */
import { hash } from 'node:crypto';
import type { S3Request } from '../request.ts';
import { ServiceError } from '../service-error.ts';

/** More than any request to STS may hold, in bytes. */
const MOST_FORM_BYTES = 256 * 1024;

/** A form that was read. */
export interface StsForm {
  readonly values: URLSearchParams;
  /** SHA-256 of its bytes, which the signature covers; 64 hexadecimal digits. */
  readonly bodyHash: string;
}

/** Whether a request is one to STS: S3 takes no POST without a bucket. */
export function isStsRequest({ method, bucket }: S3Request): boolean {
  return method === 'POST' && bucket === null;
}

/** Reads the form; `RequestEntityTooLarge`. */
export async function readForm({ message }: S3Request): Promise<StsForm> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_FORM_BYTES) throw new ServiceError('RequestEntityTooLarge');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  return { values: new URLSearchParams(body.toString('utf8')), bodyHash: hash('sha256', body) };
}

/** A value that must be there and fit; `ValidationError` as STS words it. */
export function required({ values }: StsForm, name: string, pattern: RegExp): string {
  const value = optional({ values }, name, pattern);
  if (value === null) throw invalid(name, 'null', 'Member must not be null');
  return value;
}

/** A value that must fit where it is there. */
export function optional({ values }: Pick<StsForm, 'values'>, name: string, pattern: RegExp): string | null {
  const value = values.get(name);
  if (value !== null && !pattern.test(value)) throw invalid(name, `'${value}'`, `Member must satisfy regular expression pattern: ${pattern.source}`);
  return value;
}

/** A `ValidationError` about one value. */
export function invalid(name: string, value: string, constraint: string): ServiceError {
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  return new ServiceError('ValidationError', {
    message: `1 validation error detected: Value ${value} at '${member}' failed to satisfy constraint: ${constraint}`,
  });
}
