/** Every right that a run needs at the destination. */
import { answerXml } from '../../emr-steps/s3/answer-text.ts';
import { getBucketAcl } from '../../emr-steps/s3/get-acl.ts';
import { headObject } from '../../emr-steps/s3/head-object.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { queryString } from '../../emr-steps/s3/uri.ts';
import { Findings, needs, type ProbedRun, probeKey } from './probe.ts';
import { probeListing } from './probe-listing.ts';
import { probeWriting, type UseOfUpload } from './probe-writing.ts';

/** They, in the order in which a run needs them. @param usesKey - whether the bucket encrypts by a key of KMS by itself */
export async function probeDestination(run: ProbedRun, usesKey: boolean, use: UseOfUpload): Promise<Findings> {
  const findings = new Findings('destination', 'destination');
  const client = run.clientOf('destination');
  const isNeeded = (action: string) => needs(run, 'destination', 'destination', action);
  const { sample, tellsMissing } = await probeListing(run, 'destination', findings);
  if (isNeeded('s3:GetObject') && (tellsMissing || sample !== null)) {
    const key = tellsMissing ? probeKey(run, 'destination') : (sample?.key ?? '');
    await findings.try('s3:GetObject', () => headObject(client, { key }));
  }
  if (isNeeded('s3:GetBucketAcl')) await findings.try('s3:GetBucketAcl', () => getBucketAcl(client));
  if (isNeeded('s3:PutObject')) await probeWriting(run, usesKey, findings, use);
  if (isNeeded('s3:ListBucketMultipartUploads'))
    await findings.try('s3:ListBucketMultipartUploads', () => listOneUpload(client, run.request.destination.prefix));
  return findings;
}

async function listOneUpload(client: S3Client, prefix: string): Promise<void> {
  const query = queryString({ 'max-uploads': 1, prefix: prefix || null, uploads: '' });
  answerXml(await client.send({ operation: 'ListMultipartUploads', method: 'GET', key: null, query, root: 'ListMultipartUploadsResult' }));
}
