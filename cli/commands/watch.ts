/** `carillon watch RUN_ID|EXECUTION_ARN`: follows a run that another process or AWS executes. */
import { commandHelp } from '../arguments/help.ts';
import type { CliCommand, CliOptions } from '../arguments/option-table.ts';
import { readArguments } from '../arguments/read-arguments.ts';
import { WORK_OPTIONS } from '../arguments/run-options.ts';
import { STATES_OPTIONS } from '../aws/states-options.ts';
import { EXIT, type Host } from '../host.ts';

const OPTIONS = {
  'run-dir': WORK_OPTIONS['run-dir'],
  json: { kind: 'flag', meaning: 'one event a line on standard output, as JSON' },
  every: { kind: 'count', value: 'SECONDS', least: 1, meaning: 'time between two looks; default 5 on AWS, half a second here' },
  ...STATES_OPTIONS,
} as const satisfies CliOptions;

const COMMAND: CliCommand<typeof OPTIONS> = {
  name: 'watch',
  meaning: 'Follows a run of this machine or on AWS: its states, its steps with progress, rate and remaining time, and what is tried again.',
  operands: ['RUN_ID|EXECUTION_ARN'],
  options: OPTIONS,
  notes: [
    'On AWS a run id is looked for among the executions of --state-machine. Progress is read from the task statistics in the run directory, for which s3:ListBucket and s3:GetObject are needed there.',
    'Ctrl-C ends the watch, not the run. Exit code 0: the run ended well; 1: it did not; 2: bad input; 130: the watch was interrupted.',
  ],
};

/** The command's help. */
export function help(): string {
  return commandHelp(COMMAND);
}

/** Runs the command. @returns the exit code */
export async function run(words: readonly string[], host: Host): Promise<number> {
  const { operands, values } = readArguments(COMMAND, words);
  const { watch } = await import('../watch/watch.ts');
  const end = await watch({ name: operands[0] ?? '', values, host });
  if (end === null) return EXIT.interrupted;
  if (end.sentence !== null && !values.json) host.stderr.write(`carillon: ${end.sentence}\n`);
  return end.isWell ? EXIT.well : EXIT.failed;
}
