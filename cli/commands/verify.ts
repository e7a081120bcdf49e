/** `carillon verify SRC DST`: the state machine as a verification: lists, joins with the ledger of a run, and prints each difference as a row. */
import { type S3Location, sideOf, TWO_SIDE_OPTIONS, TWO_SIDES_NOTE } from '../arguments/connection-options.ts';
import { FILTER_OPTIONS, filtersOf } from '../arguments/filter-options.ts';
import { commandHelp } from '../arguments/help.ts';
import type { CliCommand, CliOptions, CliValues } from '../arguments/option-table.ts';
import { readArguments } from '../arguments/read-arguments.ts';
import { CLUSTER_OPTIONS, readLocations, SHOW_OPTIONS, WORK_OPTIONS } from '../arguments/run-options.ts';
import { EXIT, type Host } from '../host.ts';

const VERIFY_COMPARISONS = ['etag', 'checksum', 'size'] as const;

const OPTIONS = {
  run: {
    kind: 'text',
    value: 'RUN_ID',
    meaning: 'a run whose directory lies where those of this command do: its listing of the source and its ledger are what the destination is held against',
  },
  output: { kind: 'text', value: 'FILE', meaning: 'write the rows to a file; default standard output' },
  extras: { kind: 'flag', meaning: 'what only the destination has is a difference too' },
  compare: {
    kind: 'choice',
    choices: VERIFY_COMPARISONS,
    meaning:
      'what is compared where no ledger proves the copy: ETags; the checksums that both sides store, for two requests an object whose ETags differ; or sizes alone. Default: etag, checksum where the destination encrypts by KMS',
  },
  'run-dir': WORK_OPTIONS['run-dir'],
  partitions: WORK_OPTIONS.partitions,
  concurrency: WORK_OPTIONS.concurrency,
  ...CLUSTER_OPTIONS,
  ...FILTER_OPTIONS,
  ...SHOW_OPTIONS,
  ...TWO_SIDE_OPTIONS,
} as const satisfies CliOptions;

const COMMAND: CliCommand<typeof OPTIONS> = {
  name: 'verify',
  meaning: 'Lists the destination, holds it against the source and the ledger of a run, and prints a line for each object that differs.',
  operands: ['s3://SOURCE/PREFIX', 's3://DESTINATION/PREFIX'],
  options: OPTIONS,
  notes: [
    'A line holds the key, the kind of difference (missing, failed, size, etag, extra, unlisted, duplicate), both sizes and ETags, and what the ledger says, with tabs between; docs/formats.md tells more. --json tells the counts alone unless --output takes the lines.',
    'Where the destination encrypts by KMS, ETags are no MD5s: what the ledger does not prove is compared by checksum where both sides store one, else by size.',
    TWO_SIDES_NOTE,
    'Exit code 0: nothing differs; 1: something does, or a step failed; 2: bad input, nothing was started; 130: interrupted.',
  ],
};

/** The command's help. */
export function help(): string {
  return commandHelp(COMMAND);
}

/** Runs the command. @returns the exit code */
export async function run(words: readonly string[], host: Host): Promise<number> {
  const { operands, values } = readArguments(COMMAND, words);
  const request = verifyRequest(values, operands, host.env);
  const [{ runForRows }, { differenceRows }] = await Promise.all([import('./run-for-rows.ts'), import('./difference-rows.ts')]);
  const order = { request, partitionFile: values.partitions, runs: values['run-dir'], on: values, host };
  return runForRows(order, values, { rowsOf: differenceRows, after: [EXIT.well, EXIT.failed] });
}

function verifyRequest(values: CliValues<typeof OPTIONS>, operands: readonly string[], env: Host['env']): object {
  const [source, destination] = readLocations({ SOURCE: operands[0], DESTINATION: operands[1] });
  return {
    goal: 'verify',
    source: sideOf('source', source as S3Location, values, env),
    destination: sideOf('destination', destination as S3Location, values, env),
    filters: filtersOf(values).filters,
    diff: { extras: values.extras, ...(values.compare && { compare: values.compare }) },
    work: values.concurrency === undefined ? {} : { concurrency: values.concurrency },
    verifiedRun: values.run ?? null,
  };
}
