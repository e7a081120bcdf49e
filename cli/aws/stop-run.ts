/** Ends a run: here by a signal to the process that holds it, on AWS by StopExecution. */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { undiciTransport } from '../../emr-steps/s3/undici-transport.ts';
import { isUnderWay, runHolder } from '../../infra/local/run-lock.ts';
import { resumeFound, resumeOnAws } from '../commands/resume-hint.ts';
import { PreflightError } from '../preflight/preflight-error.ts';
import { runOfExecution } from './execution-run.ts';
import { explainStatesError } from './explain-states-error.ts';
import { type FoundRun, findRun, type RunSearch } from './find-run.ts';

/** What became of it. */
export interface StopEnd {
  readonly isStopped: boolean;
  /** For people. */
  readonly lines: readonly string[];
}

/** Milliseconds that a process gets to end. */
const PATIENCE = 60_000;
/** Milliseconds between two looks at it. */
const EVERY = 100;

/** Stops it. @throws PreflightError where there is nothing to stop */
export async function stopRun({ name, values, host }: Omit<RunSearch, 'transport'>): Promise<StopEnd> {
  const transport = undiciTransport({ connections: 1 });
  try {
    const found = await findRun({ name, values, host, transport });
    return found.place === 'here' ? await stopHere(found, values['run-dir'], host.signal) : await stopOnAws(found, host.signal);
  } finally {
    await transport.close();
  }
}

async function stopHere({ runId, folder }: FoundRun & { place: 'here' }, runs: string | undefined, signal: AbortSignal): Promise<StopEnd> {
  const holder = await runHolder(folder);
  if (holder === null) throw new PreflightError([`run ${runId} is not under way; nothing was stopped`]);
  if (holder.host !== hostname()) throw new PreflightError([`run ${runId} is under way in process ${holder.pid} on ${holder.host}; stop it there`]);
  process.kill(holder.pid, 'SIGTERM');
  for (let waited = 0; waited < PATIENCE && !signal.aborted; waited += EVERY) {
    if (!(await isUnderWay(folder))) return { isStopped: true, lines: [`run ${runId} is stopped`, ...(await resumeFound({ runId, folder }, runs))] };
    await sleep(EVERY);
  }
  return { isStopped: false, lines: [`process ${holder.pid} was told to stop, but still ends its work on run ${runId}`] };
}

async function stopOnAws({ arn, client }: FoundRun & { place: 'aws' }, abortSignal: AbortSignal): Promise<StopEnd> {
  try {
    const execution = await client.send(new DescribeExecutionCommand({ executionArn: arn }), { abortSignal });
    if (execution.status !== 'RUNNING') throw new PreflightError([`${arn} has ended as ${execution.status}; nothing was stopped`]);
    const cause = 'stopped by carillon stop';
    await client.send(new StopExecutionCommand({ executionArn: arn, error: 'Carillon.Stopped', cause }), { abortSignal });
    return { isStopped: true, lines: [`${arn} is stopped; the rule of its stack ends what is left on EMR`, resumeOnAws(runOfExecution(execution))] };
  } catch (error) {
    throw explainStatesError(arn, error);
  } finally {
    client.destroy();
  }
}
