/** The cluster of a run: one that is there already, or one of its own. */
import * as z from 'zod';
import { disksSchema, fleetsSchema, groupsSchema, managedScalingSchema } from './instances.ts';
import { s3Folder, s3Object } from './places.ts';

/** Release of a cluster of the run's own, where nothing else is asked. */
const DEFAULT_RELEASE = 'emr-7.10.0';

/** The lowest release on which Node 24 starts. */
const LOWEST_MAJOR_RELEASE = 7;

/** Why a release cannot be used; null where it can. */
export function releaseProblem(label: string): string | null {
  const [, major] = /^emr-(\d+)\.\d+\.\d+$/.exec(label) ?? [];
  if (major === undefined) return `is no release label, such as ${DEFAULT_RELEASE}`;
  if (Number(major) >= LOWEST_MAJOR_RELEASE) return null;
  return `is older than emr-${LOWEST_MAJOR_RELEASE}.0.0: its Amazon Linux 2 (glibc 2.26) does not run the Node 24 that the programs need; use ${DEFAULT_RELEASE} or another of ${LOWEST_MAJOR_RELEASE} and up`;
}

const releaseLabel = z.string().superRefine((label, context) => {
  const problem = releaseProblem(label);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

const bootstrapAction = z.strictObject({
  name: z.string().min(1).max(256).describe('Its name in the console.'),
  location: s3Object.describe('The script, s3://bucket/key.'),
  args: z.array(z.string().max(10_280)).max(100).default([]).describe('Its arguments. Default: none.'),
});

const kerberosSchema = z
  .strictObject({
    realm: z.string().min(1).max(256).describe('The realm.'),
    kdcAdminPassword: z.string().min(1).max(256).describe('Password of the KDC within the cluster.'),
    crossRealmTrustPrincipalPassword: z.string().min(1).max(256).optional().describe('For a trust between realms. Default: none.'),
    adDomainJoinUser: z.string().min(1).max(256).optional().describe('For Active Directory. Default: none.'),
    adDomainJoinPassword: z.string().min(1).max(256).optional().describe('For Active Directory. Default: none.'),
  })
  .nullable()
  .default(null)
  .describe(
    'Passed to EMR as it stands; needs a securityConfiguration. The passwords then lie in the history of the execution: where that may not be, create the cluster beforehand and give its id. Kerberos guards the cluster alone, the programs call S3 by themselves with their roles. Default: null.',
  );

const ownSchema = z
  .strictObject({
    use: z.literal('own').describe('A cluster for this run, terminated at its end whatever the end is.'),
    releaseLabel: releaseLabel.default(DEFAULT_RELEASE).describe(`The EMR release, 7.0 and up. Default: ${DEFAULT_RELEASE}.`),
    architecture: z
      .enum(['arm64', 'x86_64'])
      .default('arm64')
      .describe(
        'Of the default instances and of the custom AMI, with which instances that the request names must agree. Default: arm64 (Graviton), the cheaper one.',
      ),
    fleets: fleetsSchema.optional(),
    groups: groupsSchema.optional(),
    managedScaling: managedScalingSchema,
    disks: disksSchema,
    subnetIds: z
      .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, 'is no subnet, such as subnet-0123456789abcdef0'))
      .max(16)
      .default([])
      .describe('Subnets; with fleets EMR chooses the one with most room, groups take one. Default: those of the stack.'),
    stepConcurrency: z.int().min(1).max(256).optional().describe('Steps that run at a time. Default: 2 where a diff lists both sides, else 1.'),
    idleMinutes: z
      .int()
      .min(1)
      .max(10_080)
      .default(120)
      .describe(
        'After so long without a step the cluster ends by itself, whatever became of the run. Athena and functions do not count as steps. Default: 120.',
      ),
    keep: z.boolean().default(false).describe('Leave the cluster at the end of the run; it ends by itself when it idles. Default: false.'),
    bootstrapActions: z
      .array(bootstrapAction)
      .max(14)
      .default([])
      .describe("Scripts that run on every node before Hadoop starts, in this order, after the stack's own. Default: none."),
    customAmi: z
      .string()
      .regex(/^ami-[0-9a-f]{8,17}$/, 'is no image, such as ami-0123456789abcdef0')
      .optional()
      .describe('An Amazon Linux 2023 image in place of the one of EMR. Default: none.'),
    securityConfiguration: z.string().min(1).max(10_280).optional().describe('Name of a security configuration of EMR. Default: the one of the stack.'),
    kerberos: kerberosSchema,
    logs: s3Folder.optional().describe("Where EMR puts the cluster's logs, s3://bucket/prefix. Default: logs/ in the bucket of the stack."),
    tags: z
      .record(z.string().min(1).max(128), z.string().max(256))
      .default({})
      .describe("Further tags of the cluster and its instances. Default: none but the stack's."),
  })
  .describe('A cluster of its own.');

const givenSchema = z
  .strictObject({
    use: z.literal('given').describe('A cluster that runs already. It is left as it was.'),
    id: z
      .string()
      .regex(/^j-[0-9A-Z]{8,20}$/, 'is no cluster, such as j-2AXXXXXXGAPLF')
      .describe('Its id.'),
  })
  .describe('A cluster that is there; release, applications, concurrency and its role are checked first.');

/** The schema of the cluster. */
export const clusterSchema = z
  .discriminatedUnion('use', [givenSchema, ownSchema])
  .prefault({ use: 'own' })
  .describe('Where the steps run. On one machine: its own processes, whatever is asked here. Default: a cluster of its own.');

/** The cluster with every default filled in. */
export type ClusterRequest = z.output<typeof clusterSchema>;
/** A cluster of the run's own. */
export type OwnCluster = Extract<ClusterRequest, { readonly use: 'own' }>;
