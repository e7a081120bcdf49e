/**
 * The program `reconcile`: as mapper it writes each line's side as column 2; as reducer it joins the sides. As reducer in a pipe of a shell
 * it sorts its input itself.
 */
import { inputDirectory, isHadoopTask } from '../hadoop/environment.ts';
import { PLAIN_LINES, runMapper, runReducer } from '../hadoop/run-step.ts';
import type { StepProgram } from '../hadoop/step-context.ts';
import { type ReconcileOptions, reconcile } from '../reconcile/reconcile.ts';
import { reconcileMapper, type Side, sideOf } from '../reconcile/side.ts';
import { startProcess } from './process-entry.ts';
import { type ProgramRun, programMain } from './program.ts';
import { sortedInput } from './sorted-input.ts';

type Run = ProgramRun<'reconcile'>;

/** Runs it. */
export const main = programMain('reconcile', async (run) => {
  await (run.options.role === 'mapper' ? map(run) : reduce(run));
});

async function map(run: Run): Promise<void> {
  const { side, ledger, 'to-copy': toCopy } = run.options;
  const known: Side = side === 'by-file' ? sideOf(inputDirectory(run.env), { 'to-copy': toCopy, ledger }) : side;
  await runMapper({ ...run, program: passOn, input: { decode: reconcileMapper(known) }, output: PLAIN_LINES });
}

/** The decoder has done it all. */
const passOn: StepProgram<string, string> = (input) => input;

async function reduce(run: Run): Promise<void> {
  const emit: ReconcileOptions['emit'] = run.options.emit;
  const stdin = isHadoopTask(run.env) ? run.stdin : sortedInput(run.stdin, run.env, run.context.signal);
  await runReducer({ ...run, stdin, program: reconcile({ emit }), input: PLAIN_LINES, output: PLAIN_LINES });
}

if (import.meta.main) startProcess(main, process);
