/** What the stack tells its functions by environment variables. */
import type { AthenaPlace } from '../../workflows/diff/athena-queries.ts';
import type { DataRole } from '../../workflows/plan/run-facts.ts';

/** The environment of a function. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown where the stack has not told what a function needs. Final. */
export class SettingMissingError extends Error {
  override readonly name = 'SettingMissingError';
  readonly code = 'SETTING_MISSING';
  readonly retryable = false;

  constructor(variable: string) {
    super(`the environment variable ${variable} is missing; the stack sets it`);
  }
}

/** What the stack alone knows of the clusters of its runs; everything else is the request's. */
export interface ClusterSettings {
  /** `s3://…` of the archive that holds Node. */
  readonly nodeArchive: string;
  /** `s3://…` of programs and Hive scripts by file name. */
  readonly files: Readonly<Record<string, string>>;
  /** The role as which buckets are reached. */
  readonly dataRole: DataRole;
  /** ARN. */
  readonly serviceRole: string;
  /** Name of the instance profile, and of its role. */
  readonly instanceProfile: string;
  readonly subnetIds: readonly string[];
  readonly securityGroups: { readonly primary: string; readonly core: string; readonly serviceAccess: string };
  /** Name of the security configuration. */
  readonly securityConfiguration: string;
  /** `s3://…` of the logs of clusters. */
  readonly logs: string;
  readonly tags: Readonly<Record<string, string>>;
  /** What every node runs before Hadoop starts, before what the request adds. */
  readonly bootstrapActions: readonly { readonly name: string; readonly location: string; readonly args: readonly string[] }[];
  /** Where Athena compares. */
  readonly athena: AthenaPlace;
}

/** `s3://bucket/prefix` of everything that runs leave, without a slash at its end. @throws SettingMissingError */
export function baseUrl(env: Environment): string {
  return setting(env, 'CARILLON_BASE').replace(/\/+$/, '');
}

/** The cluster. @throws SettingMissingError */
export function clusterSettings(env: Environment): ClusterSettings {
  return JSON.parse(setting(env, 'CARILLON_CLUSTER')) as ClusterSettings;
}

/** The state machine that runs are started on. @throws SettingMissingError */
export function stateMachineArn(env: Environment): string {
  return setting(env, 'CARILLON_STATE_MACHINE_ARN');
}

/** The state machine that fan-outs are started on. @throws SettingMissingError */
export function fanOutMachineArn(env: Environment): string {
  return setting(env, 'CARILLON_FAN_OUT_STATE_MACHINE_ARN');
}

/** Path of the parameters that are pairs, without a slash at its end. @throws SettingMissingError */
export function pairsPath(env: Environment): string {
  return setting(env, 'CARILLON_PAIRS');
}

/** Where people and programs are told; null: nowhere. */
export function channels(env: Environment): { readonly topicArn: string | null; readonly eventBus: string | null } {
  return { topicArn: env.CARILLON_TOPIC_ARN || null, eventBus: env.CARILLON_EVENT_BUS || null };
}

function setting(env: Environment, variable: string): string {
  const value = env[variable];
  if (value === undefined || value === '') throw new SettingMissingError(variable);
  return value;
}
