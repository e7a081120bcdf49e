/** `carillon store`: the embedded S3 store, for development. */
import { commandHelp } from '../arguments/help.ts';
import type { CliCommand, CliOptions } from '../arguments/option-table.ts';
import { readArguments } from '../arguments/read-arguments.ts';
import type { Host } from '../host.ts';

const OPTIONS = {
  port: { kind: 'count', value: 'N', least: 0, meaning: 'the port on the loopback interface; default any free one' },
  region: { kind: 'text', value: 'NAME', meaning: 'its Region; default us-east-1' },
  directory: { kind: 'text', value: 'DIR', meaning: 'keep buckets and objects there; default in memory' },
  account: {
    kind: 'texts',
    value: 'ID:KEY:SECRET',
    meaning: 'an account and its access key, may stand several times; default 111122223333:carillon:carillon-secret',
  },
  bucket: { kind: 'texts', value: 'NAME[:ID]', meaning: 'an empty bucket from the start, of the first account or the given one; may stand several times' },
  virtual: {
    kind: 'texts',
    value: 'SHAPE:COUNT',
    meaning: 'a bucket of computed keys, such as flat:1000000 or dated:1000000,multipart=0.1,name=logs; sink:… counts what is written; may stand several times',
  },
  latency: { kind: 'count', value: 'MS', least: 0, meaning: 'wait before every answer, in milliseconds; default 0' },
  processes: { kind: 'count', value: 'N', least: 1, meaning: 'serve virtual buckets by so many processes, where one is too slow; default 1' },
  json: { kind: 'flag', meaning: 'tell the endpoint as one line of JSON' },
} as const satisfies CliOptions;

/** The command as its line is read. */
export const STORE_COMMAND: CliCommand<typeof OPTIONS> = {
  name: 'store',
  meaning:
    'Serves S3 on the loopback interface of this machine until it is stopped. For development: it replicates nothing, and its secrets are in plain sight.',
  operands: [],
  options: OPTIONS,
  notes: [],
};

/** The command's help. */
export function help(): string {
  return commandHelp(STORE_COMMAND);
}

/** Runs the command. @returns the exit code */
export async function run(words: readonly string[], host: Host): Promise<number> {
  const { values } = readArguments(STORE_COMMAND, words);
  const { serveStore } = await import('./serve-store.ts');
  return serveStore(values, host);
}
