/** Step Functions as commands reach it: the vendor's client with our credentials, so that profiles and the environment are read as everywhere else. */
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Credentials } from '../../emr-steps/credentials/credential-provider.ts';
import { sideCredentials } from '../../emr-steps/credentials/side-credentials.ts';
import type { Transport } from '../../emr-steps/s3/transport.ts';
import type { Host } from '../host.ts';
import { PreflightError } from '../preflight/preflight-error.ts';
import type { StatesValues } from './states-options.ts';

/** Of a machine or an execution. */
export interface StatesArn {
  readonly arn: string;
  readonly region: string;
}

const MACHINE = /^arn:[a-z-]+:states:([a-z0-9-]+):\d{12}:stateMachine:[^:]{1,80}$/;
const EXECUTION = /^arn:[a-z-]+:states:([a-z0-9-]+):\d{12}:execution:[^:]{1,80}:[^:]{1,80}$/;

/** An execution's ARN; null: the text is none. */
export function readExecutionArn(text: string): StatesArn | null {
  const region = EXECUTION.exec(text)?.[1];
  return region === undefined ? null : { arn: text, region };
}

/** The machine that a command line or the environment names; null: neither does. @throws PreflightError where it is no ARN of one */
export function machineOf(values: StatesValues, { env }: Host): StatesArn | null {
  const text = values['state-machine'] ?? (env.CARILLON_STATE_MACHINE_ARN || undefined);
  if (text === undefined) return null;
  const region = MACHINE.exec(text)?.[1];
  if (region !== undefined) return { arn: text, region };
  const from = values['state-machine'] === undefined ? 'CARILLON_STATE_MACHINE_ARN' : '--state-machine';
  throw new PreflightError([
    `${from} is ${JSON.stringify(text)}; write an ARN such as arn:aws:states:eu-central-1:111122223333:stateMachine:carillon-copy-run`,
  ]);
}

/** The client of a Region. */
export function statesClient(region: string, values: StatesValues, { env }: Host, transport: Transport): SFNClient {
  const endpoint = values['endpoint-url'] ?? (env.AWS_ENDPOINT_URL_SFN || env.AWS_ENDPOINT_URL || undefined);
  const credentials = sideCredentials({ profile: values.profile, region, sessionName: 'carillon', env, send: transport });
  return new SFNClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    credentials: async () => withoutAbsent(await credentials()),
    customUserAgent: 'carillon',
  });
}

/** As the vendor's types want it: what is absent is not there. */
function withoutAbsent({ accessKeyId, secretAccessKey, sessionToken, expiration }: Credentials) {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }), ...(expiration === undefined ? {} : { expiration }) };
}
