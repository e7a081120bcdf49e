/** `carillon list SRC`: pipes the list step's own program, with the bucket's root as its prefix, so that its lines hold whole keys. */
import type { S3Location } from '../arguments/connection-options.ts';
import { SIDE_OPTIONS } from '../arguments/connection-options.ts';
import { commandHelp } from '../arguments/help.ts';
import type { CliCommand, CliOptions } from '../arguments/option-table.ts';
import { readArguments } from '../arguments/read-arguments.ts';
import { readLocations, SHOW_OPTIONS, WORK_OPTIONS } from '../arguments/run-options.ts';
import { UsageError } from '../arguments/usage-error.ts';
import type { Host } from '../host.ts';

const OPTIONS = {
  output: { kind: 'text', value: 'FILE', meaning: 'write the lines to a file; default standard output' },
  partitions: WORK_OPTIONS.partitions,
  concurrency: { kind: 'count', value: 'N', least: 1, meaning: 'requests under way at once; default 64' },
  ...SHOW_OPTIONS,
  ...SIDE_OPTIONS,
} as const satisfies CliOptions;

const COMMAND: CliCommand<typeof OPTIONS> = {
  name: 'list',
  meaning: 'Lists every object below a bucket and prefix, a line each: key, ETag, size and time, then storage class and further columns, with tabs between.',
  operands: ['s3://BUCKET/PREFIX'],
  options: OPTIONS,
  notes: [
    'Keys are percent-encoded for control characters, a blank at either end, % and \\ alone. Lines are in no order.',
    'Exit code 0: every object is listed; 1: the listing is not whole; 2: bad input, nothing was listed; 130: interrupted.',
  ],
};

/** The command's help. */
export function help(): string {
  return commandHelp(COMMAND);
}

/** Runs the command. @returns the exit code */
export async function run(words: readonly string[], host: Host): Promise<number> {
  const { operands, values } = readArguments(COMMAND, words);
  const [location] = readLocations({ SOURCE: operands[0] });
  if (values.json && values.output === undefined) throw new UsageError(['--json needs --output: standard output holds the lines']);
  const { listBucket } = await import('./list-bucket.ts');
  return listBucket({ location: location as S3Location, values, host });
}
