/** Finds a run, wherever it is, and watches it. */
import { undiciTransport } from '../../emr-steps/s3/undici-transport.ts';
import { directoryAt } from '../aws/directory-at.ts';
import { explainStatesError } from '../aws/explain-states-error.ts';
import { findRun, type RunSearch } from '../aws/find-run.ts';
import { resumeFound } from '../commands/resume-hint.ts';
import { watchPrinter } from '../printers/watch-printer.ts';
import { followExecution } from './follow-execution.ts';
import { followLocalRun } from './follow-local-run.ts';
import type { FollowedEnd } from './followed-run.ts';
import { watchRun } from './watch-run.ts';

/** What is to be watched. */
export interface WatchOrder extends Omit<RunSearch, 'transport'> {
  readonly values: RunSearch['values'] & { readonly json: boolean; readonly every: number | undefined };
}

/** Region of run directories of this machine that lie in a bucket, where nobody names one. */
const FIRST_REGION = 'us-east-1';

/** Watches. @returns how the run ended; null where the watch was ended first @throws PreflightError where there is no such run */
export async function watch({ name, values, host }: WatchOrder): Promise<FollowedEnd | null> {
  const { env, signal, stderr } = host;
  const transport = undiciTransport({ connections: 8 });
  const printer = watchPrinter(values, host);
  try {
    const found = await findRun({ name, values, host, transport });
    const region = found.place === 'aws' ? found.region : env.AWS_REGION || env.AWS_DEFAULT_REGION || FIRST_REGION;
    const directories = directoryAt(region, values.profile, host, transport);
    const followed =
      found.place === 'here'
        ? followLocalRun(found.folder, await resumeFound(found, values['run-dir']))
        : await followExecution({ arn: found.arn, client: found.client, directoryAt: directories, signal });
    const onBlind = (error: unknown): void => {
      stderr.write(`carillon: no progress can be shown: ${error instanceof Error ? error.message : String(error)}\n`);
    };
    const run = values.every === undefined ? followed : { ...followed, everyMilliseconds: values.every * 1000 };
    return await watchRun({ run, directoryAt: directories, emit: printer.event, onBlind, signal });
  } catch (error) {
    if (signal.aborted) return null;
    throw explainStatesError(name, error);
  } finally {
    printer.end();
    await transport.close();
  }
}
