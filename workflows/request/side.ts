/** One side of a run: a bucket, what its keys begin with, and who may reach it how. */
import * as z from 'zod';
import { regionName } from './places.ts';
import { RequestError, requestProblems } from './request-error.ts';

/** Buckets that cannot be listed in order or hold no MD5 ETags, by the end or beginning of their name. */
const REFUSED_BUCKETS = [
  { pattern: /--x-s3$/, why: 'is a directory bucket: it lists in no order and has no MD5 ETags' },
  { pattern: /--xa-s3$/, why: 'is an access point of a directory bucket: it lists in no order and has no MD5 ETags' },
  { pattern: /--op-s3$/, why: 'is an Outposts access point, which this program does not reach' },
] as const;

const bucketName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/,
    'is no bucket name: 1 to 255 letters, digits, dots, hyphens and underscores are allowed (an access point goes by its alias)',
  )
  .superRefine((name, context) => {
    const refused = REFUSED_BUCKETS.find((one) => one.pattern.test(name));
    if (refused !== undefined) context.addIssue({ code: 'custom', message: refused.why });
  });

const prefix = z
  .string()
  .refine((text) => text.isWellFormed(), 'holds a lone surrogate; only valid Unicode has UTF-8')
  .refine((text) => Buffer.byteLength(text) <= 1024, 'is longer than the 1,024 bytes that a key may have');

const endpointUrl = z.string().refine(isOrigin, 'is no endpoint: write http://host:port or https://host, without user, path and query');

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
}

const role = z.strictObject({
  arn: z
    .string()
    .regex(/^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'is no role, such as arn:aws:iam::111122223333:role/reader')
    .describe('The role.'),
  externalId: z.string().min(2).max(1224).optional().describe('The external id that the role wants. Default: none.'),
  stsRegion: regionName.optional().describe("The Region of the STS endpoint. Default: the bucket's."),
});

/** The schema of a side. */
export const sideSchema = z.strictObject({
  bucket: bucketName.describe('The bucket, or the alias of an access point.'),
  prefix: prefix
    .default('')
    .describe(
      'What every key begins with, as plain text: end it in / to mean a folder. It is taken off here and put on there. Default: none, the whole bucket.',
    ),
  region: regionName.optional().describe("The bucket's Region. Default: found out by HeadBucket before any work."),
  endpointUrl: endpointUrl.optional().describe('The endpoint in place of the one of AWS. Default: AWS.'),
  addressingStyle: z
    .enum(['auto', 'path', 'virtual'])
    .default('auto')
    .describe('Where the bucket stands in the URL. Default: auto, path for an own endpoint and for names with dots.'),
  profile: z.string().min(1).optional().describe('The profile of the shared AWS configuration; on one machine only. Default: the standard chain.'),
  role: role.optional().describe('The role to assume for this side. Default: none.'),
  expectedOwner: z
    .string()
    .regex(/^\d{12}$/, 'is no account: 12 digits are needed')
    .optional()
    .describe('The account that must own the bucket; every request says so. Default: any.'),
  requestPayer: z.boolean().default(false).describe('Whether this side pays for the requests to a requester-pays bucket. Default: false.'),
  anonymous: z.boolean().default(false).describe('Whether to send requests without a signature, to a public bucket. Default: false.'),
});

/** A side with every default filled in. */
export type RunSide = z.output<typeof sideSchema>;

/** A side alone, of a command that has only one. @throws RequestError */
export function parseSide(name: string, input: unknown): RunSide {
  const result = sideSchema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  throw new RequestError(requestProblems(result.error, [name]));
}
