/** What the stack tells its functions by environment variables. */
import type { ClusterFacts } from '../../workflows/plan/run-facts.ts';
import type { ClusterParameters } from '../../workflows/plan/run-state.ts';

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

/** The cluster that a run gets where its request names none. */
export interface ClusterSettings {
  readonly facts: ClusterFacts;
  /** All but what names the run. */
  readonly parameters: Omit<ClusterParameters, 'Name'>;
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

/** Where people and programs are told; null: nowhere. */
export function channels(env: Environment): { readonly topicArn: string | null; readonly eventBus: string | null } {
  return { topicArn: env.CARILLON_TOPIC_ARN || null, eventBus: env.CARILLON_EVENT_BUS || null };
}

function setting(env: Environment, variable: string): string {
  const value = env[variable];
  if (value === undefined || value === '') throw new SettingMissingError(variable);
  return value;
}
