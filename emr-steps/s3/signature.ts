/**
 * AWS Signature Version 4 for S3 (docs.aws.amazon.com, "Authenticating Requests: Using the Authorization Header"): a path is signed
 * exactly as it is sent, the payload's hash is a header. The signing key and its two HMAC pads are made once a day and credentials.
 */
import { createHmac, hash } from 'node:crypto';
import type { Credentials } from './credential-provider.ts';

/** The payload hash of a request without a body. */
export const EMPTY_PAYLOAD = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
/** In place of a payload hash: TLS proves the bytes. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const BLOCK = 64;

/** Headers that proxies may change, so that nobody signs them. */
const UNSIGNED = new Set([
  'authorization',
  'cache-control',
  'connection',
  'expect',
  'from',
  'keep-alive',
  'max-forwards',
  'pragma',
  'referer',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-amzn-trace-id',
]);

/** Blanks that the canonical form folds, and bytes beyond ASCII. */
const UNUSUAL = /^ | {2}| $|[^ -~]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const BEYOND_ASCII = /[^\u0000-\u007f]/;

/** What is signed. */
export interface SignableRequest {
  readonly method: string;
  /** Encoded, without the query. */
  readonly path: string;
  /** Canonical: encoded, sorted by name, every name with `=`. */
  readonly query: string;
  /** Lower-case names, `host` among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Hex SHA-256 of the body, or {@link UNSIGNED_PAYLOAD}. */
  readonly payloadHash: string;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function padded(key: Buffer, byte: number, room: number): Buffer {
  const block = Buffer.alloc(BLOCK + room, 0);
  key.copy(block);
  for (let i = 0; i < BLOCK; i++) block[i] = (block[i] ?? 0) ^ byte;
  return block;
}

/** Signs strings of one day with one set of credentials; everything that does not change lies ready in two buffers. */
class DayKey {
  readonly credentials: Credentials;
  readonly day: string;
  readonly credentialText: string;
  private readonly inner: Buffer;
  private readonly outer: Buffer;
  private readonly hashOffset: number;

  constructor(credentials: Credentials, day: string, region: string, service: string) {
    this.credentials = credentials;
    this.day = day;
    const scope = `${day}/${region}/${service}/aws4_request`;
    this.credentialText = `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=`;
    const key = hmac(hmac(hmac(hmac(`AWS4${credentials.secretAccessKey}`, day), region), service), 'aws4_request');
    const text = Buffer.from(`${ALGORITHM}\n${day}T000000Z\n${scope}\n${'0'.repeat(64)}`, 'utf8');
    this.inner = padded(key, 0x36, text.length);
    text.copy(this.inner, BLOCK);
    this.hashOffset = this.inner.length - 64;
    this.outer = padded(key, 0x5c, 32);
  }

  /** The signature of a canonical request at `timestamp` (`YYYYMMDDTHHMMSSZ` of this day). A text stands for its UTF-8. */
  signature(timestamp: string, canonicalRequest: string | Buffer): string {
    this.inner.write(timestamp, BLOCK + ALGORITHM.length + 1, 'latin1');
    this.inner.write(hash('sha256', canonicalRequest, 'hex'), this.hashOffset, 'latin1');
    hash('sha256', this.inner, 'buffer').copy(this.outer, BLOCK);
    return hash('sha256', this.outer, 'hex');
  }
}

function fold(value: string): string {
  return value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '');
}

/** Values beyond ASCII are one sign a byte, and signed as the bytes that go over the wire. */
function canonicalHeaders(headers: Readonly<Record<string, string>>): { readonly lines: string; readonly names: string; readonly isAscii: boolean } {
  let lines = '';
  let names = '';
  let isAscii = true;
  for (const name of Object.keys(headers).sort()) {
    if (UNSIGNED.has(name)) continue;
    let value = headers[name] ?? '';
    if (UNUSUAL.test(value)) {
      isAscii &&= !BEYOND_ASCII.test(value);
      value = fold(value);
    }
    lines += `${name}:${value}\n`;
    names += names === '' ? name : `;${name}`;
  }
  return { lines, names, isAscii };
}

/** `YYYYMMDDTHHMMSSZ` of a time in milliseconds. */
export function amzDate(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** Signs requests of one Region. */
export class RequestSigner {
  private readonly region: string;
  private readonly service: string;
  private key: DayKey | null = null;
  private second = -1;
  private timestamp = '';

  constructor(region: string, service = 's3') {
    this.region = region;
    this.service = service;
  }

  /** The request's headers with `x-amz-date`, `x-amz-content-sha256`, `x-amz-security-token` and `authorization` added. */
  sign(request: SignableRequest, credentials: Credentials, milliseconds: number): Record<string, string> {
    const timestamp = this.timestampOf(milliseconds);
    const key = this.keyOf(credentials, timestamp.slice(0, 8));
    const headers: Record<string, string> = { ...request.headers, 'x-amz-content-sha256': request.payloadHash, 'x-amz-date': timestamp };
    if (credentials.sessionToken !== undefined) headers['x-amz-security-token'] = credentials.sessionToken;
    const { lines, names, isAscii } = canonicalHeaders(headers);
    const canonical = `${request.method}\n${request.path}\n${request.query}\n${lines}\n${names}\n${request.payloadHash}`;
    const signature = key.signature(timestamp, isAscii ? canonical : Buffer.from(canonical, 'latin1'));
    headers.authorization = `${key.credentialText}${names}, Signature=${signature}`;
    return headers;
  }

  private timestampOf(milliseconds: number): string {
    const second = Math.floor(milliseconds / 1000);
    if (second !== this.second) {
      this.second = second;
      this.timestamp = amzDate(milliseconds);
    }
    return this.timestamp;
  }

  private keyOf(credentials: Credentials, day: string): DayKey {
    if (this.key === null || this.key.credentials !== credentials || this.key.day !== day) {
      this.key = new DayKey(credentials, day, this.region, this.service);
    }
    return this.key;
  }
}
