/** May the bucket be listed, and does S3 tell what is missing? */
import { headBucket } from '../../emr-steps/s3/head-bucket.ts';
import type { SideName } from '../../workflows/access/access-need.ts';
import type { Findings, ProbedRun } from './probe.ts';
import { type SampleObject, sampleObject } from './sample.ts';

/** What was learned beside the rights. */
export interface ListingProbe {
  readonly sample: SampleObject | null;
  /** Whether a missing key is told from a denied one. */
  readonly tellsMissing: boolean;
}

/** By ListObjectsV2 below the prefix, and by HeadBucket, which is the right to list without a prefix. */
export async function probeListing(run: ProbedRun, side: SideName, findings: Findings): Promise<ListingProbe> {
  const client = run.clientOf(side);
  const { prefix } = run.request[side];
  const name = side === 'source' ? 'Source' : 'Destination';
  let sample: SampleObject | null = null;
  const lists = findings.try('s3:ListBucket', async () => (sample = await sampleObject(client, prefix)), `Carillon${name}List`);
  const tellsMissing = prefix === '' ? lists : findings.try('s3:ListBucket', () => headBucket(client), `Carillon${name}TellMissing`);
  await Promise.all([lists, tellsMissing]);
  return { sample, tellsMissing: await tellsMissing };
}
