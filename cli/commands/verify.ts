/** `carillon verify SRC DST`: lists, joins with the ledger of a run, and prints each difference as a row. */
import { createWriteStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileRunDirectory } from '../../emr-steps/run-directory/file-run-directory.ts';
import { rowsFiles } from '../../emr-steps/run-directory/step-output.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import { sideOf, TWO_SIDE_OPTIONS, TWO_SIDES_NOTE } from '../arguments/connection-options.ts';
import { commandHelp } from '../arguments/help.ts';
import type { CliCommand, CliOptions } from '../arguments/option-table.ts';
import { readArguments } from '../arguments/read-arguments.ts';
import { readLocations, SHOW_OPTIONS, WORK_OPTIONS } from '../arguments/run-options.ts';
import { EXIT, type Host } from '../host.ts';
import { choosePrinter } from '../printers/printer.ts';

const VERIFY_COMPARISONS = ['etag', 'checksum', 'size'] as const;

const OPTIONS = {
  run: { kind: 'text', value: 'RUN_ID', meaning: 'a run of this machine: its listing of the source and its ledger are what the destination is held against' },
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
  ...SHOW_OPTIONS,
  ...TWO_SIDE_OPTIONS,
} as const satisfies CliOptions;

const COMMAND: CliCommand<typeof OPTIONS> = {
  name: 'verify',
  meaning: 'Lists the destination, holds it against the source and the ledger of a run, and prints a line for each object that differs.',
  operands: ['s3://SOURCE/PREFIX', 's3://DESTINATION/PREFIX'],
  options: OPTIONS,
  notes: [
    'A line holds the key, the kind of difference (missing, failed, size, etag, extra, unlisted, duplicate), both sizes and ETags, and what the ledger says, with tabs between; docs/formats.md tells more.',
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
  const [source, destination] = readLocations({ SOURCE: operands[0], DESTINATION: operands[1] });
  if (source === undefined || destination === undefined) return EXIT.badInput;
  const { startRun } = await import('./start-run.ts');
  const sides = { source: sideOf('source', source, values, host.env), destination: sideOf('destination', destination, values, host.env) };
  const verified = values.run === undefined ? undefined : await (await import('./verified-run.ts')).verifiedRun(values.run, values['run-dir'], sides, host);
  const printer = await choosePrinter(values, host, host.stderr);
  const output = await startRun({
    request: {
      goal: 'verify',
      ...sides,
      diff: { extras: values.extras, ...(values.compare && { compare: values.compare }) },
      work: values.concurrency === undefined ? {} : { concurrency: values.concurrency },
    },
    partitionFile: values.partitions ?? verified?.partitionFile,
    runs: values['run-dir'],
    verified,
    host,
    emit: printer.event,
  }).finally(() => printer.end());
  if (host.signal.aborted) return EXIT.interrupted;
  if (!values.json || values.output !== undefined) await writeDifferences(output, values.output, host);
  return output.status === 'succeeded' ? EXIT.well : EXIT.failed;
}

async function writeDifferences({ runDirectory, places }: RunOutput, file: string | undefined, { stdout }: Host): Promise<void> {
  const rows = Readable.from(rowsOf(runDirectory, places.differences));
  if (file === undefined) await pipeline(rows, stdout as Writable, { end: false });
  else await pipeline(rows, createWriteStream(file));
}

async function* rowsOf(runDirectory: string, folder: string | null): AsyncGenerator<Uint8Array> {
  if (folder === null) return;
  const directory = fileRunDirectory(runDirectory);
  for (const { path } of await rowsFiles(directory, folder)) yield* directory.openRead(path);
}
