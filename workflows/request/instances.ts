/** The machines of a cluster that a run creates: fleets of types, or groups of one type each; Spot on TASK nodes alone. */
import * as z from 'zod';

const instanceType = z.string().regex(/^[a-z][a-z0-9-]*\.(?:[a-z0-9-]+)$/, 'is no instance type, such as m7g.2xlarge');
const units = z.int().min(0).max(4000);
const bidPercent = z
  .int()
  .min(1)
  .max(1000)
  .optional()
  .describe('Most that is bid for Spot, in percent of the on-demand price. Default: 100, the on-demand price.');

const weightedType = z.strictObject({
  type: instanceType.describe('The instance type.'),
  weight: z.int().min(1).max(999).default(1).describe('Units that one instance counts for. Default: 1.'),
});

const fleetTypes = z.array(weightedType).min(1).max(30).describe('Types that EMR chooses among; the more, the likelier there is capacity.');
const onDemandFleet = { types: fleetTypes, onDemand: z.int().min(1).max(4000).describe('Units on demand.') };

/** Fleets: units of several types. */
export const fleetsSchema = z
  .strictObject({
    primary: z
      .strictObject({ types: z.array(instanceType).min(1).max(30).describe('Types for the one primary node.') })
      .describe('The primary node, on demand.'),
    core: z.strictObject(onDemandFleet).describe('Nodes that hold HDFS and the application masters: on demand alone, because two lost masters fail a job.'),
    task: z
      .strictObject({
        types: fleetTypes,
        onDemand: units.default(0).describe('Units on demand. Default: 0.'),
        spot: units.default(0).describe('Units on Spot. Default: 0.'),
        bidPercent,
        spotTimeoutMinutes: z.int().min(5).max(1440).default(20).describe('How long EMR waits for Spot capacity. Default: 20.'),
        afterTimeout: z
          .enum(['on-demand', 'give-up'])
          .default('on-demand')
          .describe('What happens then. give-up: the cluster is terminated. Default: on-demand.'),
      })
      .nullable()
      .default(null)
      .describe('Nodes that hold nothing and may come and go: the only place for Spot. Default: null, none.'),
  })
  .describe(
    'Instance fleets. Give fleets or groups. Default of both: a primary node m7g.xlarge or m6g.xlarge and two core nodes m7g.2xlarge or m6g.2xlarge on demand (m7i and m6i for x86_64).',
  );

const groupOf = { type: instanceType.describe('The instance type.') };
const instances = z.int().min(1).max(4000).describe('Instances.');

/** Groups: instances of one type each. */
export const groupsSchema = z
  .strictObject({
    primary: z.strictObject(groupOf).describe('The primary node, on demand.'),
    core: z.strictObject({ ...groupOf, count: instances }).describe('Nodes that hold HDFS and the application masters, on demand.'),
    task: z
      .array(
        z.strictObject({
          ...groupOf,
          count: instances,
          market: z.enum(['on-demand', 'spot']).default('on-demand').describe('How they are bought; Spot at most at the on-demand price. Default: on-demand.'),
        }),
      )
      .max(48)
      .default([])
      .describe('Groups of nodes that hold nothing: the only place for Spot. Default: none.'),
  })
  .describe('Instance groups. Give fleets or groups. Default: none, see fleets.');

/** Disks of every core and task instance. */
export const disksSchema = z
  .strictObject({
    rootGigabytes: z.int().min(15).max(100).default(30).describe('The root volume, in GiB. Default: 30.'),
    volumes: z.int().min(1).max(25).default(2).describe('Volumes of each core and task instance. Default: 2.'),
    gigabytes: z.int().min(10).max(16_384).default(64).describe('Size of each, in GiB. Default: 64.'),
    type: z.enum(['gp3', 'gp2', 'io2', 'st1']).default('gp3').describe('Kind of volume. Default: gp3.'),
    iops: z.int().min(100).max(256_000).optional().describe('Of gp3 (3,000 to 16,000) and io2. Default: what the kind has by itself.'),
    throughput: z.int().min(125).max(1000).optional().describe('Of gp3, in MiB/s. Default: 125.'),
  })
  .prefault({})
  .describe('EBS volumes. HDFS, the shuffle and spilled parts lie on them. Default: as each member says.');

/** Limits between which EMR changes the number of nodes. */
export const managedScalingSchema = z
  .strictObject({
    unit: z
      .enum(['fleet-units', 'instances', 'vcpus'])
      .optional()
      .describe('What the limits count. Default: fleet-units with fleets (the only one that EMR takes there), instances with groups.'),
    minimum: z.int().min(1).describe('Fewest; the core nodes count.'),
    maximum: z.int().min(1).describe('Most.'),
    maximumOnDemand: z.int().min(0).optional().describe('Most on demand, the rest is Spot. Default: the maximum.'),
    maximumCore: z.int().min(1).optional().describe('Most core nodes. Default: the maximum.'),
  })
  .nullable()
  .default(null)
  .describe('Managed scaling. Default: null, the cluster keeps its size.');
