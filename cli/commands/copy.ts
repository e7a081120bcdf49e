/** `carillon copy SRC DST`. */
import type { RunOutput } from '../../workflows/events/run-output.ts';
import { commandHelp } from '../arguments/help.ts';
import { readArguments } from '../arguments/read-arguments.ts';
import { readLocations } from '../arguments/run-options.ts';
import { EXIT, type Host } from '../host.ts';
import { choosePrinter } from '../printers/printer.ts';
import { COPY_COMMAND, copyRequest, RESUME_COMMAND } from './copy-options.ts';

/** The command's help. */
export function help(): string {
  return commandHelp(COPY_COMMAND);
}

/** Runs the command. @returns the exit code */
export async function run(words: readonly string[], host: Host): Promise<number> {
  if (isResume(words)) return resume(words, host);
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
  return exitOf(output, host, values['run-dir']);
}

function isResume(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).some((word) => /^--resume(=|$)/.test(word));
}

async function resume(words: readonly string[], host: Host): Promise<number> {
  const { values } = readArguments(RESUME_COMMAND, words);
  const { resumeRun } = await import('./resume-run.ts');
  const printer = await choosePrinter(values, host);
  const output = await resumeRun({ runId: values.resume ?? '', runs: values['run-dir'], host, emit: printer.event }).finally(() => printer.end());
  return exitOf(output, host, values['run-dir']);
}

/** An interrupted run says how to go on with it. */
function exitOf({ status, runId }: RunOutput, host: Host, runs: string | undefined): number {
  if (!host.signal.aborted || status === 'succeeded') return status === 'succeeded' ? EXIT.well : EXIT.failed;
  host.stderr.write(`carillon: go on with it by: carillon copy --resume ${runId}${runs === undefined ? '' : ` --run-dir ${quoted(runs)}`}\n`);
  return EXIT.interrupted;
}

/** One word of a shell. */
function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
