/** Every right that a run needs at the destination. */
import { getBucketAcl } from '../../emr-steps/s3/get-acl.ts';
import { headObject } from '../../emr-steps/s3/head-object.ts';
import { Findings, needs, type ProbedRun, probeKey } from './probe.ts';
import { probeListing } from './probe-listing.ts';
import { probeWriting, type UseOfUpload } from './probe-writing.ts';

/** They, those at once that do not wait for others. @param usesKey - whether the bucket encrypts by a key of KMS by itself */
export async function probeDestination(run: ProbedRun, usesKey: Promise<boolean>, use: UseOfUpload): Promise<Findings> {
  const findings = new Findings('destination', 'destination');
  const isNeeded = (action: string) => needs(run, 'destination', 'destination', action);
  await Promise.all([
    probeLooking(run, findings),
    isNeeded('s3:GetBucketAcl') && findings.try('s3:GetBucketAcl', () => getBucketAcl(run.clientOf('destination'))),
    isNeeded('s3:PutObject') && probeWriting(run, usesKey, findings, use),
  ]);
  return findings;
}

/** Of a key that is not there S3 says 404 to whoever may read and list; to others nothing can be learned by it. */
async function probeLooking(run: ProbedRun, findings: Findings): Promise<void> {
  const { sample, tellsMissing } = await probeListing(run, 'destination', findings);
  const key = tellsMissing ? probeKey(run, 'destination') : sample?.key;
  if (key !== undefined && needs(run, 'destination', 'destination', 's3:GetObject'))
    await findings.try('s3:GetObject', () => headObject(run.clientOf('destination'), { key }));
}
