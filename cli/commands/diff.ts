/** `carillon diff SRC DST`: the state machine up to the diff, then its rows. */
import { type S3Location, sideOf, TWO_SIDE_OPTIONS, TWO_SIDES_NOTE } from '../arguments/connection-options.ts';
import { FILTER_OPTIONS, filtersOf } from '../arguments/filter-options.ts';
import { commandHelp } from '../arguments/help.ts';
import type { CliCommand, CliOptions, CliValues } from '../arguments/option-table.ts';
import { readArguments } from '../arguments/read-arguments.ts';
import { CLUSTER_OPTIONS, COMPARE_OPTION, readLocations, SHOW_OPTIONS, WORK_OPTIONS } from '../arguments/run-options.ts';
import { EXIT, type Host } from '../host.ts';

const OPTIONS = {
  output: { kind: 'text', value: 'FILE', meaning: 'write the rows to a file; default standard output' },
  compare: COMPARE_OPTION,
  'run-dir': WORK_OPTIONS['run-dir'],
  partitions: WORK_OPTIONS.partitions,
  concurrency: WORK_OPTIONS.concurrency,
  ...CLUSTER_OPTIONS,
  ...FILTER_OPTIONS,
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
    'With a filter by size, time or class nothing is called extra: what it leaves out of the source would be.',
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
  const request = diffRequest(values, operands, host.env);
  const [{ runForRows }, { diffRows }] = await Promise.all([import('./run-for-rows.ts'), import('./diff-rows.ts')]);
  const order = { request, partitionFile: values.partitions, runs: values['run-dir'], on: values, host };
  return runForRows(order, values, { rowsOf: diffRows, after: [EXIT.well] });
}

function diffRequest(values: CliValues<typeof OPTIONS>, operands: readonly string[], env: Host['env']): object {
  const [source, destination] = readLocations({ SOURCE: operands[0], DESTINATION: operands[1] });
  const { filters, areByKeyAlone } = filtersOf(values);
  return {
    goal: 'diff',
    source: sideOf('source', source as S3Location, values, env),
    destination: sideOf('destination', destination as S3Location, values, env),
    filters,
    diff: { engine: 'hive', extras: areByKeyAlone, ...(values.compare && { compare: values.compare }) },
    work: values.concurrency === undefined ? {} : { concurrency: values.concurrency },
  };
}
