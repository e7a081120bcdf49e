/** `carillon run REQUEST.json`: the state machine, on this machine. */
import { commandHelp } from '../arguments/help.ts';
import type { CliCommand, CliOptions } from '../arguments/option-table.ts';
import { readArguments } from '../arguments/read-arguments.ts';
import { CLUSTER_OPTIONS, SHOW_OPTIONS, WORK_OPTIONS } from '../arguments/run-options.ts';
import type { Host } from '../host.ts';
import { choosePrinter } from '../printers/printer.ts';

const OPTIONS = {
  pair: { kind: 'text', value: 'NAME', meaning: 'the file is a config file, and this one of its pairs is meant' },
  'run-dir': WORK_OPTIONS['run-dir'],
  partitions: WORK_OPTIONS.partitions,
  ...CLUSTER_OPTIONS,
  ...SHOW_OPTIONS,
} as const satisfies CliOptions;

const COMMAND: CliCommand<typeof OPTIONS> = {
  name: 'run',
  meaning: 'Runs a request through the state machine that AWS runs, with a cluster of processes on this machine, or on a Hadoop.',
  operands: ['REQUEST.json'],
  options: OPTIONS,
  notes: [
    'The smallest request is {"source":{"bucket":"a"},"destination":{"bucket":"b"}}; docs/request.md tells every member. A fan-out, {"base":{…},"pairs":{…}} or {"base":{…},"partFiles":[…]}, is one too. A config file holds {"defaults":{…},"pairs":{"NAME":{…}}}.',
    'Exit code 0: all well; 1: some object failed or the books do not balance; 2: the request was refused, nothing was started; 130: interrupted.',
  ],
};

/** The command's help. */
export function help(): string {
  return commandHelp(COMMAND);
}

/** Runs the command. @returns the exit code */
export async function run(words: readonly string[], host: Host): Promise<number> {
  const { operands, values } = readArguments(COMMAND, words);
  const { readRequest } = await import('./request-file.ts');
  const request = await readRequest(operands[0] ?? '', values.pair);
  const { executeRequest, executeFanOut, endOfRun } = await import('./execute-request.ts');
  const { isFanOut } = await import('../../workflows/request/fan-out-request.ts');
  const printer = await choosePrinter(values, host);
  const order = { request, partitionFile: values.partitions, runs: values['run-dir'], on: values, host, emit: printer.event };
  const end = await (isFanOut(request) ? executeFanOut(order) : executeRequest(order)).finally(() => printer.end());
  return endOfRun(end, order);
}
