/**
 * The program `reconcile`: as mapper it writes each line's side as column 2; as reducer it joins the sides. As reducer in a pipe of a shell
 * it sorts its input itself.
 */
import { inputDirectory, isHadoopTask } from '../hadoop/environment.ts';
import { PLAIN_LINES, runMapper, runReducer } from '../hadoop/run-step.ts';
import type { StepProgram } from '../hadoop/step-context.ts';
import { checksumLook } from '../reconcile/checksum-look.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import { reconcileMapper, type Side, sideOf } from '../reconcile/side.ts';
import { verify } from '../reconcile/verify.ts';
import { StepArgumentError } from '../records/step-arguments.ts';
import { type ConnectedSides, connectSides } from './connect-sides.ts';
import { startProcess } from './process-entry.ts';
import { type ProgramRun, programMain } from './program.ts';
import { sortedInput } from './sorted-input.ts';

type Run = ProgramRun<'reconcile'>;

/** Runs it. */
export const main = programMain('reconcile', async (run) => {
  await (run.options.role === 'mapper' ? map(run) : reduce(run));
});

async function map(run: Run): Promise<void> {
  const { side, source, destination, ledger, 'to-copy': toCopy } = run.options;
  const joined = destination === undefined ? { 'to-copy': toCopy, ledger } : { source, destination, ledger };
  const known: Side = side === 'by-file' ? sideOf(inputDirectory(run.env), joined) : side;
  await runMapper({ ...run, program: passOn, input: { decode: reconcileMapper(known) }, output: PLAIN_LINES });
}

/** The decoder has done it all. */
const passOn: StepProgram<string, string> = (input) => input;

async function reduce(run: Run): Promise<void> {
  const program = await reducerOf(run);
  const stdin = isHadoopTask(run.env) ? run.stdin : sortedInput(run.stdin, run.env, run.context.signal);
  await runReducer({ ...run, stdin, program, input: PLAIN_LINES, output: PLAIN_LINES });
}

async function reducerOf(run: Run): Promise<StepProgram<string, string>> {
  const { emit, compare, extras, concurrency } = run.options;
  if (emit !== 'verdicts' && emit !== 'differences') return reconcile({ emit });
  const look = compare === 'checksum' ? { look: checksumLook(await sides(run)) } : {};
  return verify({ emit, compare, extras, concurrency, ...look });
}

async function sides(run: Run): Promise<ConnectedSides> {
  const { 'source-bucket': source, 'destination-bucket': destination } = run.options;
  if (source === undefined || destination === undefined)
    throw new StepArgumentError('--compare checksum asks both buckets: give --source-bucket and --destination-bucket');
  return await connectSides(run);
}

if (import.meta.main) startProcess(main, process);
