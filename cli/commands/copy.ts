/** `carillon copy SRC DST`. */
import { commandHelp } from '../arguments/help.ts';
import { readArguments } from '../arguments/read-arguments.ts';
import { readLocations } from '../arguments/run-options.ts';
import { EXIT, type Host } from '../host.ts';
import { choosePrinter } from '../printers/printer.ts';
import { COPY_COMMAND, copyRequest } from './copy-options.ts';

/** The command's help. */
export function help(): string {
  return commandHelp(COPY_COMMAND);
}

/** Runs the command. @returns the exit code */
export async function run(words: readonly string[], host: Host): Promise<number> {
  const { operands, values } = readArguments(COPY_COMMAND, words);
  const locations = readLocations({ SOURCE: operands[0], DESTINATION: operands[1] });
  const { startRun } = await import('./start-run.ts');
  const printer = await choosePrinter(values, host);
  const output = await startRun({
    request: copyRequest(values, locations, host.env),
    partitionFile: values.partitions,
    runs: values['run-dir'],
    host,
    emit: printer.event,
  }).finally(() => printer.end());
  if (host.signal.aborted) return EXIT.interrupted;
  return output.status === 'succeeded' ? EXIT.well : EXIT.failed;
}
