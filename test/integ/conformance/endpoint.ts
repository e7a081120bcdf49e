/** Where the conformance suite runs: at an endpoint that the environment names, or at a store of its own. docs/developing.md lists the variables. */
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { startStore } from '../../../infra/local/s3-store/store.ts';

/** What an endpoint may lack; `CARILLON_CONFORMANCE_LACKS` lists it, by commas. */
export const FEATURES = [
  'acl',
  'archive',
  'attributes',
  'kms',
  'lifecycle',
  'object-lock',
  'ownership',
  'policy',
  'sse-c',
  'storage-class',
  'sts',
  'versions',
] as const;

/** One of them. */
export type Feature = (typeof FEATURES)[number];

/** An endpoint that answers. */
export interface Endpoint {
  readonly url: string;
  readonly stsUrl: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  close(): Promise<void>;
}

const PREFIX = 'CARILLON_CONFORMANCE_';

function variable(name: string): string | undefined {
  return process.env[PREFIX + name] || undefined;
}

function required(name: string): string {
  const value = variable(name);
  if (value === undefined) throw new RangeError(`${PREFIX}${name} is missing; an endpoint needs ${PREFIX}ACCESS_KEY_ID and ${PREFIX}SECRET_ACCESS_KEY`);
  return value;
}

function isFeature(name: string): name is Feature {
  return (FEATURES as readonly string[]).includes(name);
}

/** What the environment says that the endpoint lacks. */
export function lackedFeatures(): readonly Feature[] {
  const named = (variable('LACKS') ?? '').split(',').filter((name) => name !== '');
  return named.map((name) => {
    if (!isFeature(name)) throw new RangeError(`${PREFIX}LACKS names ${JSON.stringify(name)}; it may name ${FEATURES.join(', ')}`);
    return name;
  });
}

/** The endpoint of the environment, else a fresh store in this process. */
export async function conformanceEndpoint(): Promise<Endpoint> {
  const region = variable('REGION') ?? 'us-east-1';
  const url = variable('ENDPOINT');
  if (url === undefined) {
    const store = await startStore({ region });
    const credentials = { accessKeyId: 'carillon', secretAccessKey: 'carillon-secret' };
    return { url: store.url, stsUrl: store.url, region, credentials, close: () => store.close() };
  }
  const sessionToken = variable('SESSION_TOKEN');
  const keys = { accessKeyId: required('ACCESS_KEY_ID'), secretAccessKey: required('SECRET_ACCESS_KEY') };
  const credentials = sessionToken === undefined ? keys : { ...keys, sessionToken };
  return { url, stsUrl: variable('STS_ENDPOINT') ?? url, region, credentials, close: async () => {} };
}

/** The vendor's client for it: one attempt, checksums only where asked for. */
export function clientFor({ url, region, credentials }: Endpoint, config: S3ClientConfig = {}): S3Client {
  return new S3Client({
    endpoint: url,
    region,
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...config,
  });
}
