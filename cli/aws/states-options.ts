/** Options of the commands that speak to Step Functions. */
import type { CliOptions } from '../arguments/option-table.ts';

/** They. */
export const STATES_OPTIONS = {
  'state-machine': { kind: 'text', value: 'ARN', meaning: 'the machine on AWS; default $CARILLON_STATE_MACHINE_ARN' },
  profile: { kind: 'text', value: 'NAME', meaning: 'the profile of the shared AWS configuration' },
  'endpoint-url': { kind: 'text', value: 'URL', meaning: 'the endpoint of Step Functions in place of the one of AWS' },
} as const satisfies CliOptions;

/** What {@link STATES_OPTIONS} gave. */
export interface StatesValues {
  readonly 'state-machine': string | undefined;
  readonly profile: string | undefined;
  readonly 'endpoint-url': string | undefined;
}
