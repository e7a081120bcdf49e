/** Signatures by a few lines of `node:crypto`, for measurements in which the store must not be what is measured. A test holds it against the vendor's signer. */
import { createHmac, hash } from 'node:crypto';
import { encodeStrict } from '../percent.ts';
import type { S3Request } from '../request.ts';
import type { Claim } from './authorization-header.ts';
import { canonicalPath, type Signer, signedValue } from './signer.ts';

const MOST_KEYS = 256;
const BLOCK_BYTES = 64;
const INNER = 0x36;
const OUTER = 0x5c;

/** A signing key as the two blocks that HMAC hashes first: hashing by hand takes half the time of making an Hmac object of a key each time. */
interface SigningKey {
  readonly inner: Buffer;
  readonly outer: Buffer;
}

const signingKeys = new Map<string, SigningKey>();

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** The key's 32 bytes, filled up to a block and mixed with HMAC's constant (RFC 2104). */
function block(key: Buffer, constant: number): Buffer {
  const padded = Buffer.alloc(BLOCK_BYTES);
  key.copy(padded);
  return padded.map((byte) => byte ^ constant) as Buffer;
}

function signingKey(claim: Claim, secretAccessKey: string): SigningKey {
  const name = `${claim.shortDate} ${claim.region} ${claim.service} ${secretAccessKey}`;
  const known = signingKeys.get(name);
  if (known !== undefined) return known;
  const bytes = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, claim.shortDate), claim.region), claim.service), 'aws4_request');
  const key = { inner: block(bytes, INNER), outer: block(bytes, OUTER) };
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
  const { inner, outer } = signingKey(claim, secretAccessKey);
  const digest = hash('sha256', Buffer.concat([inner, Buffer.from(text, 'utf8')]), 'buffer');
  return hash('sha256', Buffer.concat([outer, digest]));
}

/** Signs in a tenth of the time. */
export const fastSigner: Signer = {
  signRequest(request, claim, secretAccessKey) {
    const scope = `${claim.shortDate}/${claim.region}/${claim.service}/aws4_request`;
    return signText(`AWS4-HMAC-SHA256\n${claim.longDate}\n${scope}\n${hash('sha256', canonicalRequest(request, claim))}`, claim, secretAccessKey);
  },
  signText,
};
