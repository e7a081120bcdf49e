/** Turns a request of an operation into the signed request that goes over the wire. */
import { hash } from 'node:crypto';
import type { Credentials } from './credential-provider.ts';
import { type AddressingStyle, type BucketEndpoint, bucketEndpoint } from './endpoint.ts';
import type { RequestBody, S3Request, StreamBody } from './s3-request.ts';
import { EMPTY_PAYLOAD, RequestSigner, UNSIGNED_PAYLOAD } from './signature.ts';
import type { SignedRequest, TransportBody } from './transport.ts';
import { encodeKey } from './uri.ts';

/** What every request of a client has in common. */
export interface RequestBuilderOptions {
  readonly bucket: string;
  readonly region: string;
  readonly endpointUrl?: string | undefined;
  readonly addressingStyle: AddressingStyle;
  readonly userAgent: string;
  readonly expectedBucketOwner?: string | undefined;
  readonly sourceBucketOwner?: string | undefined;
  readonly requestPayer?: boolean | undefined;
}

/** Whether a body is produced while it is sent. */
export function isStreamBody(body: RequestBody | null | undefined): body is StreamBody {
  return body !== null && body !== undefined && !(body instanceof Uint8Array);
}

function transportBody(body: RequestBody | null | undefined): TransportBody | null {
  if (body === null || body === undefined) return null;
  if (!isStreamBody(body)) return body.length === 0 ? null : body;
  if (body.size === 0) return null;
  return typeof body.stream === 'function' ? body.stream() : body.stream;
}

function commonHeaders(options: RequestBuilderOptions, host: string): Record<string, string> {
  const headers: Record<string, string> = { host, 'user-agent': options.userAgent };
  if (options.expectedBucketOwner !== undefined) headers['x-amz-expected-bucket-owner'] = options.expectedBucketOwner;
  if (options.requestPayer === true) headers['x-amz-request-payer'] = 'requester';
  return headers;
}

/** Builds and signs the requests of one bucket. */
export class RequestBuilder {
  private readonly endpoint: BucketEndpoint;
  private readonly common: Readonly<Record<string, string>>;
  private readonly sourceBucketOwner: string | undefined;
  private readonly signer: RequestSigner;

  constructor(options: RequestBuilderOptions) {
    this.endpoint = bucketEndpoint(options.bucket, options.region, options.endpointUrl, options.addressingStyle);
    this.common = commonHeaders(options, this.endpoint.host);
    this.sourceBucketOwner = options.sourceBucketOwner;
    this.signer = new RequestSigner(options.region);
  }

  /**
   * The request as it is sent.
   *
   * @param credentials - null: anonymous
   * @param milliseconds - the time that stands in the signature
   * @throws {URIError} when the key has no UTF-8
   */
  build(request: S3Request, credentials: Credentials | null, milliseconds: number): SignedRequest {
    const path = `${this.endpoint.pathPrefix}/${request.key === null ? '' : encodeKey(request.key)}`;
    const query = request.query ?? '';
    const headers: Record<string, string> = { ...this.common, ...request.headers };
    if (this.sourceBucketOwner !== undefined && headers['x-amz-copy-source'] !== undefined) {
      headers['x-amz-source-expected-bucket-owner'] = this.sourceBucketOwner;
    }
    if (isStreamBody(request.body) && request.body.size > 0) headers['content-length'] = String(request.body.size);
    const signed =
      credentials === null
        ? headers
        : this.signer.sign({ method: request.method, path, query, headers, payloadHash: this.payloadHash(request.body) }, credentials, milliseconds);
    return {
      method: request.method,
      origin: this.endpoint.origin,
      path: query === '' ? path : `${path}?${query}`,
      headers: signed,
      body: transportBody(request.body),
      memory: request.memory,
    };
  }

  /** Over plain HTTP bytes are hashed; a stream cannot be hashed before it is sent, so only its Content-MD5 (signed) proves it there. */
  private payloadHash(body: RequestBody | null | undefined): string {
    if (body === null || body === undefined) return EMPTY_PAYLOAD;
    if (isStreamBody(body)) return body.size === 0 ? EMPTY_PAYLOAD : UNSIGNED_PAYLOAD;
    if (body.length === 0) return EMPTY_PAYLOAD;
    return this.endpoint.secure ? UNSIGNED_PAYLOAD : hash('sha256', body, 'hex');
  }
}
