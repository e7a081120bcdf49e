/** The command `carillon`: finds the command, runs it, and turns its end into an exit code. Loads nothing that the command does not need. */
import { UsageError } from './arguments/usage-error.ts';
import { EXIT, type Host } from './host.ts';

/** A command as its file exports it. */
export interface CommandModule {
  run(words: readonly string[], host: Host): Promise<number>;
  help(): string;
}

/** Every command, loaded when it is asked for. */
const COMMANDS: Readonly<Record<string, { readonly meaning: string; readonly load: () => Promise<CommandModule> }>> = {
  copy: { meaning: 'one bucket becomes another, every ETag kept', load: () => import('./commands/copy.ts') },
  list: { meaning: 'every object of a bucket, a line each', load: () => import('./commands/list.ts') },
  diff: { meaning: 'what is missing, different or extra at the destination', load: () => import('./commands/diff.ts') },
  verify: { meaning: 'proof after the fact: source, destination and the ledger of a run, object by object', load: () => import('./commands/verify.ts') },
  run: { meaning: 'a request, through the state machine', load: () => import('./commands/run.ts') },
  start: { meaning: 'a request on AWS, as an execution of the machine there', load: () => import('./commands/start.ts') },
  watch: { meaning: 'a run of this machine or on AWS, followed to its end', load: () => import('./commands/watch.ts') },
  stop: { meaning: 'ends a run cleanly, here or on AWS', load: () => import('./commands/stop.ts') },
  estimate: { meaning: 'requests, hours and cost of a request, before it runs', load: () => import('./commands/estimate.ts') },
  access: { meaning: 'the policies that a request needs, for every owner', load: () => import('./commands/access.ts') },
  store: { meaning: 'an S3 store on this machine, for development', load: () => import('./commands/store.ts') },
};

/** Codes of errors that say the input was bad; nothing was started. */
const BAD_INPUT = new Set([
  'USAGE',
  'REQUEST_INVALID',
  'PARTITION_FILE_INVALID',
  'PREFLIGHT_FAILED',
  'CREDENTIALS_UNAVAILABLE',
  'RUN_DIRECTORY_NAME_INVALID',
  'STEP_TOO_LONG',
  'NOT_BUILT',
  'STORE_DIRECTORY_UNUSABLE',
  'RESUME_REFUSED',
  'RUN_UNDER_WAY',
]);

/** Runs a command line. @returns the exit code */
export async function main(words: readonly string[], host: Host): Promise<number> {
  const [name, ...rest] = words;
  if (name === '--version') return say(host, `carillon ${await version(host)}\n`);
  if (name === undefined || name === '--help' || name === '-h') return say(host, overview());
  if (name === 'help') return rest[0] === undefined ? say(host, overview()) : main([rest[0], '--help'], host);
  try {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined) throw new UsageError([`unknown command ${JSON.stringify(name)}; known are ${Object.keys(COMMANDS).join(', ')}`]);
    const module = await command.load();
    const end = rest.indexOf('--');
    const isHelp = (end < 0 ? rest : rest.slice(0, end)).some((word) => word === '--help' || word === '-h');
    return isHelp ? say(host, module.help()) : await module.run(rest, host);
  } catch (error) {
    return explain(error, host);
  }
}

function say(host: Host, text: string): number {
  host.stdout.write(text);
  return EXIT.well;
}

function overview(): string {
  const lines = Object.entries(COMMANDS).map(([name, { meaning }]) => `  carillon ${name.padEnd(9)}${meaning}`);
  return `${['Moves, compares and proves Amazon S3 buckets.', '', ...lines, '', 'carillon COMMAND --help tells its options; carillon --version the version.'].join('\n')}\n`;
}

async function version({ root }: Host): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return (JSON.parse(await readFile(`${root}/package.json`, 'utf8')) as { version: string }).version;
}

/** Bad input in plain words; anything else with its stack, because it is a defect. */
function explain(error: unknown, host: Host): number {
  if (host.signal.aborted) return EXIT.interrupted;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const badInput = BAD_INPUT.has(code);
  for (const line of linesOf(error, badInput)) host.stderr.write(`carillon: ${line}\n`);
  return badInput ? EXIT.badInput : EXIT.failed;
}

function linesOf(error: unknown, badInput: boolean): readonly string[] {
  if (!(error instanceof Error)) return [String(error)];
  if (badInput && 'sentences' in error) return error.sentences as readonly string[];
  return (badInput ? error.message : (error.stack ?? error.message)).split('\n');
}
