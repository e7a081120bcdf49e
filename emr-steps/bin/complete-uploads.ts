/**
 * The program `complete-uploads`: a reducer; results in, sorted by key and part, ledger rows out. In a pipe of a shell nobody sorts, so
 * there it sorts its input itself; in a Hadoop task the shuffle has.
 */
import { completeUploads } from '../complete/complete-uploads.ts';
import { isHadoopTask } from '../hadoop/environment.ts';
import { runReducer } from '../hadoop/run-step.ts';
import { copyResult } from '../records/copy-result.ts';
import { ledgerRow } from '../records/ledger-row.ts';
import { connectSides } from './connect-sides.ts';
import { startProcess } from './process-entry.ts';
import { programMain } from './program.ts';
import { runStartedAt } from './run-started-at.ts';
import { sortedInput } from './sorted-input.ts';

/** Runs it. */
export const main = programMain('complete-uploads', async (run) => {
  const { concurrency, 'run-id': runId, 'run-started-at': startedAt = runStartedAt(runId) } = run.options;
  const program = completeUploads({ ...(await connectSides(run)), concurrency, runStartedAt: startedAt });
  const stdin = isHadoopTask(run.env) ? run.stdin : sortedInput(run.stdin, run.env, run.context.signal);
  await runReducer({ ...run, stdin, program, input: copyResult, output: ledgerRow });
});

if (import.meta.main) startProcess(main, process);
