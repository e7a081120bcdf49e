/** The configuration of the app: a JSON file, checked whole before anything is made. */
import * as z from 'zod';
import { DEFAULT_GROWTH } from './cluster/bootstrap.ts';
import { pairsSchema, schedulesSchema } from './schedules/schedule-schema.ts';
import { LOG_DAYS } from './storage/work-bucket.ts';

/** Days for which CloudWatch keeps logs. */
const RETENTIONS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

const bucketPattern = z.string().regex(/^[a-z0-9*][a-z0-9.*-]{1,62}$/, 'is no name of a bucket, nor a pattern such as logs-*');
const narrowBucket = bucketPattern.refine(
  (pattern) => pattern.replaceAll('*', '').length >= 3,
  'is a pattern of nearly every bucket; at least three letters of the name are needed',
);
const arn = (service: string) => z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:[^\\s]+$`), `is no ARN of ${service}`);
const roleArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::(\d{12}|\*):role\/[\w+=,.@/*-]*[\w+=,.@/-][\w+=,.@/*-]*$/, 'is no role, such as arn:aws:iam::111122223333:role/carillon-*');

const networkSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('new').describe('A VPC of its own, with two private subnets.'),
    egress: z
      .enum(['nat', 'endpoints'])
      .default('nat')
      .describe('nat: everything is reached. endpoints: S3, STS, KMS and EC2 alone; no managed scaling, no pair across Regions. Default: nat.'),
    cidr: z
      .string()
      .regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, 'is no range of addresses, such as 10.64.0.0/16')
      .default('10.64.0.0/16'),
    s3Endpoint: z.boolean().default(true).describe('false: S3 is reached through NAT, as pairs of buckets in two Regions need. Default: true.'),
  }),
  z.strictObject({
    kind: z.literal('given').describe('A VPC that is there.'),
    vpcId: z.string().regex(/^vpc-[0-9a-f]{8,17}$/, 'is no VPC, such as vpc-0123456789abcdef0'),
    subnetIds: z
      .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, 'is no subnet, such as subnet-0123456789abcdef0'))
      .min(1)
      .max(16),
  }),
]);

const dataSchema = z.strictObject({
  sources: z.array(narrowBucket).min(1).describe('Buckets that runs may read, by name or pattern.'),
  destinations: z.array(narrowBucket).min(1).describe('Buckets that runs may write.'),
  keys: z.array(arn('kms')).default([]).describe('Keys of KMS of these buckets. Default: none.'),
  otherRoles: z.array(roleArn).default([]).describe('Roles of other accounts that runs may assume. Default: none.'),
});

/** The schema of the configuration. */
const configurationSchema = z.strictObject({
  name: z.string().default('carillon').describe('Begins the name of everything. Default: carillon.'),
  account: z
    .string()
    .regex(/^\d{12}$/, 'is no account: 12 digits are needed')
    .optional()
    .describe('Default: that of the credentials at deployment.'),
  region: z
    .string()
    .regex(/^[a-z]{2,}(-[a-z0-9]+)+$/, 'is no Region')
    .optional()
    .describe('Default: that of the credentials at deployment.'),
  network: networkSchema.prefault({ kind: 'new' }),
  data: dataSchema,
  runPlaces: z.array(arn('s3')).default([]).describe('Objects beside the work bucket in which directories of runs may lie. Default: none.'),
  partitionPlaces: z
    .array(arn('s3'))
    .default([])
    .describe('Objects from which runs read where ranges begin: part files, manifests, older listings. Default: none.'),
  certificates: z
    .string()
    .regex(/^s3:\/\/[^/]+\/.+\.zip$/, 'is no archive, such as s3://bucket/certificates.zip')
    .nullable()
    .default(null),
  growVolumes: z
    .strictObject({
      abovePercent: z.int().min(50).max(95).default(DEFAULT_GROWTH.abovePercent),
      byPercent: z.int().min(10).max(200).default(DEFAULT_GROWTH.byPercent),
      mostGigabytes: z.int().min(10).max(16_384).default(DEFAULT_GROWTH.mostGigabytes),
    })
    .nullable()
    .prefault({})
    .describe('Growth of EBS volumes; null: none.'),
  bootstrap: z
    .array(z.strictObject({ name: z.string().min(1).max(100), path: z.string().min(1), args: z.array(z.string()).default([]) }))
    .max(14)
    .default([])
    .describe('Scripts for every node, by path relative to the configuration, in order.'),
  retention: z
    .strictObject({
      runDays: z.int().min(1).nullable().default(null),
      logDays: z
        .int()
        .refine((days) => RETENTIONS.includes(days), `is none of the periods that CloudWatch knows: ${RETENTIONS.join(', ')}`)
        .default(LOG_DAYS),
    })
    .prefault({}),
  notify: z
    .strictObject({ mails: z.array(z.email()).default([]), topicArns: z.array(arn('sns')).default([]), busArns: z.array(arn('events')).default([]) })
    .prefault({}),
  next: z
    .strictObject({
      stateMachineArns: z.array(arn('states')).default([]),
      functionArns: z.array(arn('lambda')).default([]),
      glueJobs: z.array(z.string().min(1).max(255)).default([]),
      busArns: z.array(arn('events')).default([]),
    })
    .prefault({})
    .describe('What runs may start at their end, beside events on the default bus.'),
  pairs: pairsSchema,
  schedules: schedulesSchema,
  clusterTags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),
  runbook: z.string().default('docs/runbook.md').describe('Address of the runbook that alarms name.'),
});

/** A configuration with its defaults. */
export type Configuration = z.output<typeof configurationSchema>;

/** Thrown where a configuration cannot be used; each problem is a sentence. Final. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly code = 'CONFIGURATION_INVALID';
  readonly retryable = false;

  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Reads a configuration. @throws ConfigurationError with every problem */
export function parseConfiguration(written: unknown): Configuration {
  const { success, data, error } = configurationSchema.safeParse(written);
  if (!success) throw new ConfigurationError(error.issues.map(({ path, message }) => `${path.join('.') || 'the configuration'} ${message}`));
  const missing = Object.entries(data.schedules).filter(([, { pair }]) => pair !== undefined && data.pairs[pair] === undefined);
  if (missing.length > 0) throw new ConfigurationError(missing.map(([name, { pair }]) => `schedules.${name}.pair ${pair} is none of the pairs`));
  return data;
}
