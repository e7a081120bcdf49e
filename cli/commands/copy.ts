/** `carillon copy SRC DST`: the state machine, with a request made from flags. */
import { commandHelp } from '../arguments/help.ts';
import { readArguments } from '../arguments/read-arguments.ts';
import { readLocations } from '../arguments/run-options.ts';
import type { Host } from '../host.ts';
import { choosePrinter, type PrinterOptions } from '../printers/printer.ts';
import { COPY_COMMAND, copyRequest, RESUME_COMMAND } from './copy-options.ts';
import type { RequestOrder } from './execute-request.ts';

/** The command's help. */
export function help(): string {
  return commandHelp(COPY_COMMAND);
}

/** Runs the command. @returns the exit code */
export async function run(words: readonly string[], host: Host): Promise<number> {
  if (isResume(words)) return resume(words, host);
  const { operands, values } = readArguments(COPY_COMMAND, words);
  const request = copyRequest(values, readLocations({ SOURCE: operands[0], DESTINATION: operands[1] }), host.env);
  return shown({ request, partitionFile: values.partitions, runs: values['run-dir'], on: values, host }, values);
}

function isResume(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).some((word) => /^--resume(=|$)/.test(word));
}

async function resume(words: readonly string[], host: Host): Promise<number> {
  const { values } = readArguments(RESUME_COMMAND, words);
  const { stoppedRequest } = await import('./stopped-request.ts');
  const place = { runs: values['run-dir'], on: values, host };
  const request = await stoppedRequest(values.resume ?? '', place);
  return shown({ ...place, request, partitionFile: undefined }, values);
}

async function shown(order: Omit<RequestOrder, 'emit'>, values: PrinterOptions): Promise<number> {
  const { executeRequest, endOfRun, stepsAlone } = await import('./execute-request.ts');
  const printer = await choosePrinter(values, order.host);
  const end = await executeRequest({ ...order, emit: stepsAlone(printer.event) }).finally(() => printer.end());
  return endOfRun(end, order);
}
