/** What a workflow is made of; every member but the first three has a default. */
import type { BootstrapScript, VolumeGrowth } from './cluster/bootstrap.ts';
import type { DataAccess } from './cluster/data-role.ts';
import type { NextTargets } from './control/function-rights.ts';
import type { NetworkChoice } from './network/network.ts';
import type { Pair, ScheduleEntry } from './schedules/schedule-schema.ts';
import type { Retention } from './storage/work-bucket.ts';

/** Who may be told of ended runs beside the topic of the stack and the default bus. */
export interface NotifyTargets {
  /** Mail addresses that get the stack's own topic. Default: none. */
  readonly mails?: readonly string[];
  /** ARNs of topics that requests may name. Default: none. */
  readonly topicArns?: readonly string[];
  /** ARNs of event buses that requests may name. Default: none. */
  readonly busArns?: readonly string[];
}

/** The props of the construct. */
export interface CopyWorkflowProps {
  /** Folder with `node.tgz`, `steps/`, `diff/`, `lambdas/` and `nodes/`, as `make synth` builds it. */
  readonly artifacts: string;
  readonly network: NetworkChoice;
  readonly data: DataAccess;
  /** Begins the name of everything; two workflows in an account need two names. Default: `carillon`. */
  readonly name?: string;
  /** ARNs of objects beside the work bucket in which directories of runs may lie, such as `arn:aws:s3:::bucket/prefix/*`. Default: none. */
  readonly runPlaces?: readonly string[];
  /** ARNs of objects from which runs read where ranges begin: part files, manifests of an Inventory, older listings. Default: none. */
  readonly partitionPlaces?: readonly string[];
  /** Archive of certificates for encryption between nodes, `s3://bucket/key.zip`. Default: none, and no encryption in transit within a cluster. */
  readonly certificates?: string | null;
  /** Growth of EBS volumes; null: they keep their size. Default: they grow. */
  readonly growVolumes?: VolumeGrowth | null;
  /** Scripts that run on every node after ours, in this order. Default: none. */
  readonly bootstrap?: readonly BootstrapScript[];
  readonly retention?: Retention;
  readonly notify?: NotifyTargets;
  /** What runs may start at their end. Default: events on the default bus alone. */
  readonly next?: NextTargets;
  readonly pairs?: Readonly<Record<string, Pair>>;
  readonly schedules?: Readonly<Record<string, ScheduleEntry>>;
  /** Tags of every cluster, for costs. Default: none but the workflow's. */
  readonly clusterTags?: Readonly<Record<string, string>>;
  /** Address of the runbook that alarms name. Default: docs/runbook.md. */
  readonly runbook?: string;
}
