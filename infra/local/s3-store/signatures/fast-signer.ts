/** Signatures by a few lines of `node:crypto`, for measurements in which the store must not be what is measured. A test holds it against the vendor's signer. */
import { createHmac, hash } from 'node:crypto';
import { encodeStrict } from '../percent.ts';
import type { S3Request } from '../request.ts';
import type { Claim } from './authorization-header.ts';
import { canonicalPath, type Signer, signedValue } from './signer.ts';

const MOST_KEYS = 256;
const signingKeys = new Map<string, Buffer>();

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function signingKey(claim: Claim, secretAccessKey: string): Buffer {
  const name = `${claim.shortDate} ${claim.region} ${claim.service} ${secretAccessKey}`;
  const known = signingKeys.get(name);
  if (known !== undefined) return known;
  const key = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, claim.shortDate), claim.region), claim.service), 'aws4_request');
  if (signingKeys.size >= MOST_KEYS) signingKeys.clear();
  signingKeys.set(name, key);
  return key;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function canonicalQuery(request: S3Request): string {
  if (request.query.length === 0) return '';
  const pairs = request.query.map(([name, value]) => [encodeStrict(name), encodeStrict(value)] as const);
  pairs.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

function canonicalHeaders(request: S3Request, names: readonly string[]): string {
  let lines = '';
  for (const name of names) {
    const value = signedValue(request, name).replace(/[ \t]+/g, ' ');
    lines += `${name}:${value.trim()}\n`;
  }
  return lines;
}

function canonicalRequest(request: S3Request, claim: Claim): string {
  const names = [...claim.signedHeaders].sort(compare);
  const target = `${request.method}\n${canonicalPath(request.rawPath)}\n${canonicalQuery(request)}`;
  return `${target}\n${canonicalHeaders(request, names)}\n${names.join(';')}\n${claim.payloadHash}`;
}

function signText(text: string, claim: Claim, secretAccessKey: string): string {
  return createHmac('sha256', signingKey(claim, secretAccessKey)).update(text).digest('hex');
}

/** Signs in a tenth of the time. */
export const fastSigner: Signer = {
  signRequest(request, claim, secretAccessKey) {
    const scope = `${claim.shortDate}/${claim.region}/${claim.service}/aws4_request`;
    return signText(`AWS4-HMAC-SHA256\n${claim.longDate}\n${scope}\n${hash('sha256', canonicalRequest(request, claim))}`, claim, secretAccessKey);
  },
  signText,
};
