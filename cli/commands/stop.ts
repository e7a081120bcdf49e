/** `carillon stop RUN_ID|EXECUTION_ARN`: ends a run cleanly and says how to go on with it. */
import { commandHelp } from '../arguments/help.ts';
import type { CliCommand, CliOptions } from '../arguments/option-table.ts';
import { readArguments } from '../arguments/read-arguments.ts';
import { WORK_OPTIONS } from '../arguments/run-options.ts';
import { STATES_OPTIONS } from '../aws/states-options.ts';
import { EXIT, type Host } from '../host.ts';

const OPTIONS = { 'run-dir': WORK_OPTIONS['run-dir'], ...STATES_OPTIONS } as const satisfies CliOptions;

const COMMAND: CliCommand<typeof OPTIONS> = {
  name: 'stop',
  meaning: 'Ends a run of this machine or on AWS: its steps are cut off, what was finished stays, and the run can be resumed.',
  operands: ['RUN_ID|EXECUTION_ARN'],
  options: OPTIONS,
  notes: [
    'Here the process that runs it is told to stop, and waited for. On AWS the execution is stopped; a rule of the stack then terminates the cluster that the run made.',
    'Exit code 0: it is stopped; 1: it goes on all the same; 2: there is no such run, or it has ended already; 130: interrupted.',
  ],
};

/** The command's help. */
export function help(): string {
  return commandHelp(COMMAND);
}

/** Runs the command. @returns the exit code */
export async function run(words: readonly string[], host: Host): Promise<number> {
  const { operands, values } = readArguments(COMMAND, words);
  const { stopRun } = await import('../aws/stop-run.ts');
  const end = await stopRun({ name: operands[0] ?? '', values, host });
  if (host.signal.aborted) return EXIT.interrupted;
  for (const line of end.lines) host.stderr.write(`carillon: ${line}\n`);
  return end.isStopped ? EXIT.well : EXIT.failed;
}
