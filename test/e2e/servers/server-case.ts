/** One server at work: its source filled, copied both ways by the state machine, and judged object by object. */
import { createHash } from 'node:crypto';
import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { type DemoObject, demoBytes, multipart } from '../../../cli/demo/demo-object.ts';
import { featureSet } from '../../../cli/demo/feature-set.ts';
import { fill } from '../../../cli/demo/fill.ts';
import { ODD_KEYS, oddKeySet } from '../../../cli/demo/odd-keys.ts';
import { partSet } from '../../../cli/demo/part-set.ts';
import { createS3Client } from '../../../emr-steps/s3/s3-client.ts';
import { S3Error } from '../../../emr-steps/s3/s3-error.ts';
import type { ClosableTransport } from '../../../emr-steps/s3/undici-transport.ts';
import { differingFacts, type ObjectFacts, objectFacts } from './object-facts.ts';
import type { Cell } from './server-table.ts';
import { KEYS } from './servers.ts';

/** Buckets on each server. */
export const BUCKETS = { source: 'source', 'server-side': 'server-side', streaming: 'streaming' } as const;

const REGION = 'us-east-1';
const MIB = 1_048_576;

/** Tags of the characters that AWS allows; servers refuse others as it does. */
const TAGS = [
  { key: 'project', value: 'campanile + carillon' },
  { key: 'a=b/c+d', value: 'x:y@z_1.0-2' },
  { key: 'Größe', value: '日本' },
  { key: 'empty', value: '' },
];

/** Objects by the row of the table that they are: every way of cutting, of carrying, and every odd key. What only archives do is the store's alone. */
export function objectsByRow(): ReadonlyMap<string, DemoObject> {
  const cut = [multipart('parts/equal', [5 * MIB, 5 * MIB, 1]), ...partSet().filter(({ key }) => /^parts\/(unequal|one|none)\//.test(key))];
  const carrying = featureSet()
    .filter(({ archive }) => archive === null)
    .map((object) => (object.tags.length === 0 || object.tags.length === 10 ? object : { ...object, tags: TAGS }));
  const names = new Map(Object.entries(ODD_KEYS).map(([name, key]) => [key, `a key with ${name}`]));
  const odd = oddKeySet().map((object) => [names.get(object.key) ?? `parts under an odd key of ${object.key.length} characters`, object] as const);
  return new Map([...[...cut, ...carrying].map((object) => [`\`${object.key}\``, object] as const), ...odd]);
}

/** The vendor's client for a server. */
export function vendorClient(url: string): S3Client {
  return new S3Client({ endpoint: url, region: REGION, credentials: KEYS, forcePathStyle: true });
}

/** Makes the buckets and stores every object that the server takes. @returns why it did not take the others */
export async function fillServer(
  url: string,
  s3: S3Client,
  transport: ClosableTransport,
  leftOut: Readonly<Record<string, Cell>>,
): Promise<ReadonlyMap<string, Cell>> {
  for (const Bucket of Object.values(BUCKETS)) await s3.send(new CreateBucketCommand({ Bucket }));
  const client = createS3Client({
    bucket: BUCKETS.source,
    region: REGION,
    endpointUrl: url,
    addressingStyle: 'path',
    credentials: async () => KEYS,
    userAgent: 'carillon-e2e',
    maxAttempts: 2,
    requestTimeoutMilliseconds: 60_000,
    maxRequestsPerSecond: 0,
    transport,
  });
  const refused = new Map<string, Cell>(Object.entries(leftOut));
  for (const [row, object] of objectsByRow()) {
    if (refused.has(row)) continue;
    try {
      await fill(client, [object]);
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      refused.set(row, `not stored (${error.status} ${error.code})`);
    }
  }
  await client.close();
  return refused;
}

/** What became of one object that was stored. */
export async function judge(s3: S3Client, object: DemoObject): Promise<Cell> {
  const source = await objectFacts(s3, BUCKETS.source, object.key);
  if (source === null) return 'not found once it is stored';
  const lost = notKept(object, source);
  const copies = await Promise.all(
    (['server-side', 'streaming'] as const).map(async (mode) => [mode, await objectFacts(s3, BUCKETS[mode], object.key)] as const),
  );
  const differing = copies.flatMap(([mode, copy]) => {
    if (copy === null) return [`${mode}: not copied`];
    const names = differingFacts(source, copy);
    return names.length === 0 ? [] : [`${mode}: another ${names.join(', ')}`];
  });
  if (differing.length > 0) return differing.join('; ');
  return lost.length === 0 ? 'yes' : `source without ${lost.join(', ')}`;
}

/** What the server did not keep of an object as it was stored. */
function notKept(object: DemoObject, facts: ObjectFacts): readonly string[] {
  const count = (start: string) => Object.keys(facts).filter((name) => name.startsWith(start)).length;
  const names = Object.keys(object.headers);
  const metadata = names.filter((name) => name.startsWith('x-amz-meta-')).length;
  const redirect = object.headers['x-amz-website-redirect-location'];
  return [
    ...(facts.ETag === etagOf(object) ? [] : ['its ETag']),
    ...(count('metadata ') === metadata ? [] : ['metadata']),
    ...(names.some((name) => name === 'cache-control') && facts.CacheControl === undefined ? ['headers'] : []),
    ...(object.tags.every(({ key, value }) => facts[`tag ${key}`] === value) ? [] : ['tags']),
    ...((facts.StorageClass ?? 'STANDARD') === (object.storageClass ?? 'STANDARD') ? [] : ['class']),
    ...(facts.WebsiteRedirectLocation === redirect ? [] : ['redirect']),
  ];
}

function etagOf(object: DemoObject): string {
  const md5 = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest();
  const bytes = demoBytes(object);
  if (object.parts === null) return `"${md5(bytes).toString('hex')}"`;
  const digests = object.parts.map((size, part, parts) => {
    const begin = parts.slice(0, part).reduce((sum, one) => sum + one, 0);
    return md5(bytes.subarray(begin, begin + size));
  });
  return `"${md5(Buffer.concat(digests)).toString('hex')}-${digests.length}"`;
}

/** Uploads that are open in the destinations. */
export async function openUploads(s3: S3Client): Promise<number> {
  const answers = await Promise.all([BUCKETS['server-side'], BUCKETS.streaming].map((Bucket) => s3.send(new ListMultipartUploadsCommand({ Bucket }))));
  return answers.reduce((sum, { Uploads = [] }) => sum + Uploads.length, 0);
}
