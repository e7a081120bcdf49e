/** What `prepare-run` is told of the stack, as the variable `CARILLON_CLUSTER`: only what the stack alone knows. */
import type { AthenaSettings } from '../control/athena.ts';
import type { SecurityGroups } from '../network/security-groups.ts';
import type { BootstrapAction } from './bootstrap.ts';

/** The settings. */
export interface ClusterSettings {
  /** `s3://…`. */
  readonly nodeArchive: string;
  /** `s3://…` of programs and Hive scripts by file name. */
  readonly files: Readonly<Record<string, string>>;
  readonly dataRole: { readonly arn: string; readonly stsRegion: string };
  /** ARN. */
  readonly serviceRole: string;
  /** Name of the instance profile, and of its role. */
  readonly instanceProfile: string;
  readonly subnetIds: readonly string[];
  readonly securityGroups: SecurityGroups;
  /** Name of the security configuration. */
  readonly securityConfiguration: string;
  /** `s3://…` of the logs of clusters. */
  readonly logs: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly bootstrapActions: readonly BootstrapAction[];
  readonly athena: AthenaSettings;
}

/** Bytes that the environment of a function may have in all. */
export const ENVIRONMENT_LIMIT = 4096;
