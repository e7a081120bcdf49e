/**
 * Signature Version 4 of a form that is posted to STS: path `/`, no query, a body in memory. The room `s3` has the fast signer for every
 * request; this one signs once an hour and a node.
 */
import { createHash, createHmac } from 'node:crypto';
import type { Credentials } from './credential-provider.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const CONTENT_TYPE = 'application/x-www-form-urlencoded; charset=utf-8';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/**
 * The headers of the form, `authorization` among them.
 *
 * @param milliseconds - the time of the signature
 */
export function signedFormHeaders(host: string, form: string, region: string, credentials: Credentials, milliseconds: number): Record<string, string> {
  const timestamp = new Date(milliseconds).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = timestamp.slice(0, 8);
  const token = credentials.sessionToken === undefined ? {} : { 'x-amz-security-token': credentials.sessionToken };
  const headers: Record<string, string> = { 'content-type': CONTENT_TYPE, host, 'x-amz-date': timestamp, ...token };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = `POST\n/\n\n${lines.join('')}\n${names}\n${sha256(form)}`;
  const scope = `${day}/${region}/sts/aws4_request`;
  const key = ['aws4_request', 'sts', region, day].reduceRight<string | Buffer>((above, text) => hmac(above, text), `AWS4${credentials.secretAccessKey}`);
  const signature = hmac(key, `${ALGORITHM}\n${timestamp}\n${scope}\n${sha256(canonical)}`).toString('hex');
  return { ...headers, authorization: `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}` };
}
