/** `carillon diff SRC DST`: the list and diff steps of a plan, then their rows. */
import { sideOf, TWO_SIDE_OPTIONS, TWO_SIDES_NOTE } from '../arguments/connection-options.ts';
import { commandHelp } from '../arguments/help.ts';
import type { CliCommand, CliOptions } from '../arguments/option-table.ts';
import { readArguments } from '../arguments/read-arguments.ts';
import { COMPARE_OPTION, readLocations, SHOW_OPTIONS, WORK_OPTIONS } from '../arguments/run-options.ts';
import { EXIT, type Host } from '../host.ts';
import { choosePrinter } from '../printers/printer.ts';

const OPTIONS = {
  output: { kind: 'text', value: 'FILE', meaning: 'write the rows to a file; default standard output' },
  compare: COMPARE_OPTION,
  'run-dir': WORK_OPTIONS['run-dir'],
  partitions: WORK_OPTIONS.partitions,
  concurrency: WORK_OPTIONS.concurrency,
  ...SHOW_OPTIONS,
  ...TWO_SIDE_OPTIONS,
} as const satisfies CliOptions;

const COMMAND: CliCommand<typeof OPTIONS> = {
  name: 'diff',
  meaning: 'Lists both sides and prints a line for each object that is missing at the destination, different by ETag or size, or extra.',
  operands: ['s3://SOURCE/PREFIX', 's3://DESTINATION/PREFIX'],
  options: OPTIONS,
  notes: [
    'A line holds the verdict, the key below the prefix, ETag, size and time, with tabs between. --json tells the counts alone unless --output takes the lines.',
    TWO_SIDES_NOTE,
    'Exit code 0: the sides were compared, whatever was found; 1: a step failed; 2: bad input, nothing was started; 130: interrupted.',
  ],
};

/** The command's help. */
export function help(): string {
  return commandHelp(COMMAND);
}

/** Runs the command. @returns the exit code */
export async function run(words: readonly string[], host: Host): Promise<number> {
  const { operands, values } = readArguments(COMMAND, words);
  const [source, destination] = readLocations({ SOURCE: operands[0], DESTINATION: operands[1] });
  if (source === undefined || destination === undefined) return EXIT.badInput;
  const { startRun } = await import('./start-run.ts');
  const printer = await choosePrinter(values, host, host.stderr);
  const output = await startRun({
    request: {
      goal: 'diff',
      source: sideOf('source', source, values, host.env),
      destination: sideOf('destination', destination, values, host.env),
      diff: { engine: 'hive', extras: true, ...(values.compare && { compare: values.compare }) },
      work: values.concurrency === undefined ? {} : { concurrency: values.concurrency },
    },
    partitionFile: values.partitions,
    runs: values['run-dir'],
    host,
    emit: printer.event,
  }).finally(() => printer.end());
  if (host.signal.aborted) return EXIT.interrupted;
  if (output.status !== 'succeeded') return EXIT.failed;
  if (!values.json || values.output !== undefined) await (await import('./diff-rows.ts')).writeDiffRows(output, values.output, host);
  return EXIT.well;
}
