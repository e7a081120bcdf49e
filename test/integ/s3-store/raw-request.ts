/** Requests as no SDK sends them: any target, any headers, signed by the vendor's signer, over `node:http`. */
import { createHash } from 'node:crypto';
import { type IncomingHttpHeaders, request } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../../infra/local/s3-store/signatures/sha256.ts';

/** What is sent. */
export interface RawRequest {
  readonly method?: string;
  /** As it goes over the wire, with its query. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** @default ann's */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** @default now */
  readonly date?: Date;
  /** @default us-east-1 */
  readonly region?: string;
  /** Changes the signed headers before they are sent. */
  readonly tamper?: (headers: Record<string, string>) => void;
  /** Makes the body out of the request's signature: chunked uploads. */
  readonly chunks?: (signer: SignatureV4, signature: string, date: Date) => Promise<string>;
}

/** What came back. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function bag(query: string): Record<string, string[]> {
  const pairs: Record<string, string[]> = {};
  for (const pair of query.split('&').filter((one) => one !== '')) {
    const [name = '', value = ''] = pair.split(/=(.*)/s).map(decodeURIComponent);
    pairs[name] = [...(pairs[name] ?? []), value];
  }
  return pairs;
}

function send(url: string, raw: RawRequest, headers: Readonly<Record<string, string>>, body: Uint8Array | string | undefined): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: hostname, port, method: raw.method ?? 'GET', path: raw.target, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString('utf8') }));
      answer.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Sends without a signature. */
export function sendUnsigned(url: string, raw: RawRequest): Promise<RawAnswer> {
  return send(url, raw, { host: new URL(url).host, ...raw.headers }, raw.body);
}

/** Signs and sends. */
export async function sendSigned(url: string, raw: RawRequest): Promise<RawAnswer> {
  const { region = 'us-east-1', credentials = { accessKeyId: 'ann', secretAccessKey: 'ann-secret' }, date = new Date() } = raw;
  const signer = new SignatureV4({ credentials, region, service: 's3', sha256: Sha256, uriEscapePath: false, applyChecksum: false });
  const [path = '', query = ''] = raw.target.split(/\?(.*)/s);
  const payload = createHash('sha256')
    .update(raw.body ?? '')
    .digest('hex');
  const headers = { host: new URL(url).host, 'x-amz-content-sha256': payload, ...raw.headers };
  const signed = await signer.sign(
    { method: raw.method ?? 'GET', protocol: 'http:', hostname: '127.0.0.1', path, query: bag(query), headers },
    { signingDate: date },
  );
  const sent = { ...signed.headers };
  const body = raw.chunks === undefined ? raw.body : await raw.chunks(signer, String(sent.authorization).slice(-64), date);
  raw.tamper?.(sent);
  return send(url, raw, sent, body);
}
