/** What the store needs from an implementation of Signature Version 4: the signature that a request, or a chunk of its body, should have. */
import { keyText } from '../key-bytes.ts';
import { decodePercent, encodePath } from '../percent.ts';
import type { S3Request } from '../request.ts';
import type { Claim } from './authorization-header.ts';

/** Computes signatures with a secret key. */
export interface Signer {
  /** The signature that the request must have, 64 hexadecimal digits. */
  signRequest(request: S3Request, claim: Claim, secretAccessKey: string): Promise<string> | string;
  /** The signature of a string to sign, with the key of the claim's scope: chunks and trailers. */
  signText(text: string, claim: Claim, secretAccessKey: string): Promise<string> | string;
}

/** The path that both sides sign: decoded and encoded again, as S3 does, so that a client that encodes otherwise is refused here too. */
export function canonicalPath(rawPath: string): string {
  return encodePath(decodePercent(rawPath) ?? rawPath);
}

/** A header's value as its sender hashed it: the bytes of the connection read as UTF-8 where they are. */
export function signedValue(request: S3Request, name: string): string {
  return keyText(request.headers[name] ?? '');
}
