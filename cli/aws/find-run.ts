/** Where the run is that a command line names: on this machine, or an execution on AWS. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Transport } from '../../emr-steps/s3/transport.ts';
import { RUN_ID_PATTERN } from '../../workflows/plan/run-id.ts';
import type { Host } from '../host.ts';
import { PreflightError } from '../preflight/preflight-error.ts';
import { runsFolder } from '../preflight/run-folder.ts';
import { explainStatesError } from './explain-states-error.ts';
import { findExecution } from './find-execution.ts';
import { machineOf, readExecutionArn, statesClient } from './states-client.ts';
import type { StatesValues } from './states-options.ts';

/** A run that was found. */
export type FoundRun =
  | { readonly place: 'here'; readonly runId: string; readonly folder: string }
  | { readonly place: 'aws'; readonly arn: string; readonly region: string; readonly client: SFNClient };

/** What names it. */
export interface RunSearch {
  /** A run id or the ARN of an execution. */
  readonly name: string;
  readonly values: StatesValues & { readonly 'run-dir': string | undefined };
  readonly host: Host;
  readonly transport: Transport;
}

/** Finds it. @throws PreflightError where there is no such run */
export async function findRun({ name, values, host, transport }: RunSearch): Promise<FoundRun> {
  const execution = readExecutionArn(name);
  if (execution !== null) return { place: 'aws', ...execution, client: statesClient(execution.region, values, host, transport) };
  const runs = runsFolder(values['run-dir'], host.env);
  if (!RUN_ID_PATTERN.test(name))
    throw new PreflightError([`${JSON.stringify(name)} is neither a run id, such as 20261121-021655-5c7a0a67d9, nor the ARN of an execution`]);
  if (existsSync(join(runs, name))) return { place: 'here', runId: name, folder: join(runs, name) };
  const machine = machineOf(values, host);
  if (machine === null) throw new PreflightError([`there is no run ${name} in ${runs}; for one on AWS give its ARN, or the machine by --state-machine`]);
  const client = statesClient(machine.region, values, host, transport);
  const arn = await findExecution(client, machine.arn, name, host.signal).catch((error: unknown) => {
    throw explainStatesError(machine.arn, error);
  });
  if (arn === null) throw new PreflightError([`there is no run ${name} in ${runs}, nor among the newest executions of ${machine.arn}`]);
  return { place: 'aws', arn, region: machine.region, client };
}
