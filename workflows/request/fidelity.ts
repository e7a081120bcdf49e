/** What copies take over beside their bytes. */
import * as z from 'zod';
import type { Problem } from './problem.ts';
import { STORAGE_CLASSES } from './storage-classes.ts';

const keyName = z.string().regex(/^[A-Za-z0-9:/_-]{1,2048}$/, 'is no KMS key: write its ARN, such as arn:aws:kms:eu-central-1:111122223333:key/…');

const encryptionSchema = z
  .strictObject({
    kind: z
      .enum(['bucket-default', 'keep', 'AES256', 'aws:kms', 'aws:kms:dsse'])
      .default('bucket-default')
      .describe(
        'bucket-default: nothing is sent. keep: kind and key as the source has them; a HEAD of every object that one request copies. The others: every copy so. Default: bucket-default.',
      ),
    key: keyName.optional().describe("The key of aws:kms and aws:kms:dsse, or of what keyMap leaves out. Default: the account's own, aws/s3."),
    keyMap: z
      .record(keyName, keyName)
      .optional()
      .describe(
        'From keys of the source to keys of the destination: objects under the one get the other, all others what the bucket gives by itself. A HEAD of every object that one request copies. Default: none.',
      ),
    bucketKey: z.boolean().default(false).describe('With KMS keys: use an S3 Bucket Key, so that KMS is asked less. Default: false.'),
  })
  .prefault({})
  .describe('How the copies are encrypted. Default: as the bucket does by itself.');

/** Members of `copy` beside the way that the bytes go. */
export const FIDELITY_MEMBERS = {
  storageClass: z.enum(STORAGE_CLASSES).optional().describe('The class of every copy. Default: as the source has it.'),
  encryption: encryptionSchema,
  acl: z
    .enum(['none', 'bucket-owner-full-control', 'copy'])
    .default('none')
    .describe(
      'none: no ACL is sent, which is all that buckets made since 2023 take. copy: the grants of the source, where the destination takes any; a request an object. Default: none.',
    ),
  tags: z.enum(['keep', 'drop']).default('keep').describe('drop: for who may not read or write tags. Default: keep.'),
  checksums: z.enum(['keep', 'ignore']).default('keep').describe('keep: the copy stores a checksum of the kind that the source does. Default: keep.'),
  redirects: z
    .boolean()
    .default(false)
    .describe(
      'Whether to keep the website redirect of objects that one request copies, which costs a HEAD of each. Others keep theirs anyway. Default: false.',
    ),
} as const;

type Encryption = z.output<typeof encryptionSchema>;

/** What each member of the encryption allows alone but not together with another. */
export function encryptionProblems({ kind, key, keyMap, bucketKey }: Encryption): readonly Problem[] {
  const path = (member: string): string[] => ['copy', 'encryption', member];
  const isKms = kind === 'aws:kms' || kind === 'aws:kms:dsse';
  const problems: Problem[] = [];
  if (keyMap !== undefined && Object.keys(keyMap).length === 0) problems.push({ path: path('keyMap'), message: 'is empty; leave it out' });
  if (keyMap !== undefined && kind !== 'bucket-default')
    problems.push({ path: path('keyMap'), message: `does not go with the kind ${kind}; leave one of them out` });
  if (key !== undefined && !isKms && keyMap === undefined) problems.push({ path: path('key'), message: `does not go with the kind ${kind}; write aws:kms` });
  if (bucketKey && kind !== 'aws:kms' && kind !== 'keep' && keyMap === undefined)
    problems.push({ path: path('bucketKey'), message: `does not go with the kind ${kind}; it is of aws:kms alone` });
  return problems;
}
