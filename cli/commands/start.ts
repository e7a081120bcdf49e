/** `carillon start REQUEST.json`: a run on AWS, as an execution of the deployed machine. */
import { commandHelp } from '../arguments/help.ts';
import type { CliCommand, CliOptions } from '../arguments/option-table.ts';
import { readArguments } from '../arguments/read-arguments.ts';
import { UsageError } from '../arguments/usage-error.ts';
import { STATES_OPTIONS } from '../aws/states-options.ts';
import { EXIT, type Host } from '../host.ts';

const OPTIONS = {
  name: {
    kind: 'text',
    value: 'NAME',
    meaning: 'the name of the execution: where one of this name was started already, none is started and that one is told; default a new name',
  },
  pair: { kind: 'text', value: 'NAME', meaning: 'the file is a config file, and this one of its pairs is meant' },
  resume: { kind: 'text', value: 'RUN_ID', meaning: 'go on with this run, which was cut off' },
  json: { kind: 'flag', meaning: 'tell the execution as one line of JSON' },
  ...STATES_OPTIONS,
} as const satisfies CliOptions;

const COMMAND: CliCommand<typeof OPTIONS> = {
  name: 'start',
  meaning: 'Starts a request on AWS, as an execution of the state machine that was deployed there, and prints its ARN.',
  operands: ['REQUEST.json'],
  options: OPTIONS,
  notes: [
    'The request is checked before anything is sent. carillon watch ARN follows the execution, carillon stop ARN ends it.',
    'Exit code 0: it runs, or ran already; 1: Step Functions failed; 2: bad input, nothing was started.',
  ],
};

/** The command's help. */
export function help(): string {
  return commandHelp(COMMAND);
}

/** An execution's name: at most 80 of letters, digits, hyphens and underscores. */
const EXECUTION_NAME = /^[A-Za-z0-9_-]{1,80}$/;

/** Runs the command. @returns the exit code */
export async function run(words: readonly string[], host: Host): Promise<number> {
  const { operands, values } = readArguments(COMMAND, words);
  const { name } = values;
  if (name !== undefined && !EXECUTION_NAME.test(name))
    throw new UsageError([`--name is ${JSON.stringify(name)}; at most 80 letters, digits, hyphens and underscores are allowed`]);
  const { startExecution } = await import('../aws/start-execution.ts');
  const { executionArn, runId, isNew } = await startExecution({ file: operands[0] ?? '', values, host });
  if (values.json) host.stdout.write(`${JSON.stringify({ executionArn, runId, isNew })}\n`);
  else {
    host.stderr.write(isNew ? `run ${runId}\n` : `run ${runId} was started by this name before\n`);
    host.stdout.write(`${executionArn}\n`);
  }
  return EXIT.well;
}
