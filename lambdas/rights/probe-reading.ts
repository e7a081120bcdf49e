/** May objects of the source be read, with all that the run wants of them? */
import { getObjectAcl } from '../../emr-steps/s3/get-acl.ts';
import { getObject } from '../../emr-steps/s3/get-object.ts';
import { getObjectAttributes } from '../../emr-steps/s3/get-object-attributes.ts';
import { headObject } from '../../emr-steps/s3/head-object.ts';
import type { Encryption } from '../../emr-steps/s3/object-headers.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { getObjectTagging } from '../../emr-steps/s3/tagging.ts';
import type { SideName } from '../../workflows/access/access-need.ts';
import { type Findings, needs, type ProbedRun, probeKey } from './probe.ts';
import type { ListingProbe } from './probe-listing.ts';

/** What was learned beside the rights. */
export interface ReadingProbe {
  /** Of the object that was looked at; null: there was none, or it may not be read. */
  readonly encryption: Encryption | null;
}

/**
 * By requests for the sample; without one for a key that is not there, where S3 answers 404 to whoever may read and list. One byte is read,
 * which is the only proof that a key of KMS may be used.
 */
export async function probeReading(run: ProbedRun, actor: SideName, { sample, tellsMissing }: ListingProbe, findings: Findings): Promise<ReadingProbe> {
  const client = run.clientOf('source', actor);
  const isNeeded = (action: string) => needs(run, actor, 'source', action);
  // Of a key that is not there nobody can say why it is refused.
  if (!isNeeded('s3:GetObject') || (sample === null && !tellsMissing)) return { encryption: null };
  const key = sample?.key ?? probeKey(run, 'source');
  let encryption: Encryption | null = null;
  const tryNeeded = (action: string, send: () => Promise<unknown>) => (isNeeded(action) ? findings.try(action, send) : true);
  const [reads] = await Promise.all([
    findings.try('s3:GetObject', async () => ({ encryption } = await headObject(client, { key }))),
    tryNeeded('s3:GetObjectAttributes', () => getObjectAttributes(client, { key })),
    tryNeeded('s3:GetObjectTagging', () => getObjectTagging(client, { key })),
    tryNeeded('s3:GetObjectAcl', () => getObjectAcl(client, { key })),
  ]);
  if (reads && sample !== null && isByKms(encryption)) await findings.try('kms:Decrypt', () => readOneByte(client, key, sample.size));
  return { encryption };
}

/** Whether a key of KMS is needed to read. */
export function isByKms(encryption: { readonly algorithm: string } | null): boolean {
  return encryption?.algorithm.startsWith('aws:kms') ?? false;
}

async function readOneByte(client: S3Client, key: string, size: number): Promise<void> {
  const { discard } = await getObject(client, size > 0 ? { key, range: { firstByte: 0, lastByte: 0 } } : { key });
  await discard();
}
