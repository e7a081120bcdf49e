/** Where requests for a bucket go: partition, Region, addressing style. */
import { dnsSuffix } from './dns-suffix.ts';
import { encodeValue } from './uri.ts';

/** Where the bucket stands in the URL; `auto`: path for an own endpoint and for names that no host name may have. */
export type AddressingStyle = 'auto' | 'path' | 'virtual';

/** Where a bucket is reached. */
export interface BucketEndpoint {
  /** Scheme, host and port. */
  readonly origin: string;
  /** The value of the header `host`. */
  readonly host: string;
  /** What stands before `/key`: empty, or the endpoint's own path and the bucket. */
  readonly pathPrefix: string;
  readonly secure: boolean;
}

/** Names that a host name and its TLS certificate can carry: no dots, lower case. */
const HOST_NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

function isPathStyle(bucket: string, ownEndpoint: boolean, style: AddressingStyle): boolean {
  if (style !== 'auto') return style === 'path';
  return ownEndpoint || !HOST_NAME.test(bucket);
}

/**
 * Works out where a bucket is reached.
 *
 * @param endpointUrl - an endpoint in place of the one of AWS; a path in it is kept
 * @throws {TypeError} when `endpointUrl` is no http or https URL
 */
export function bucketEndpoint(bucket: string, region: string, endpointUrl: string | undefined, style: AddressingStyle): BucketEndpoint {
  const url = new URL(endpointUrl ?? `https://s3.${region}.${dnsSuffix(region)}`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`endpoint ${JSON.stringify(endpointUrl)} is no http or https url: give one such as http://127.0.0.1:9000`);
  }
  const pathStyle = isPathStyle(bucket, endpointUrl !== undefined, style);
  const host = pathStyle ? url.host : `${bucket}.${url.host}`;
  const base = url.pathname.replace(/\/+$/, '');
  return { origin: `${url.protocol}//${host}`, host, pathPrefix: pathStyle ? `${base}/${encodeValue(bucket)}` : base, secure: url.protocol === 'https:' };
}
