/**
 * The command line of Hadoop Streaming, read as Hadoop's two parsers read it: generic options (`-D -files -archives …`) first, and from the
 * first word that is none of them only streaming options, so that a later `-D` is unrecognized.
 */
import { JobRefusedError } from './job-refused.ts';

/** An argument that has no effect here, said aloud. */
export interface IgnoredArgument {
  readonly argument: string;
  readonly reason: string;
}

/** A parsed command line. */
export interface StreamingArguments {
  /** `-D`, then `-jobconf`, a later one of a name over an earlier one. */
  readonly properties: ReadonlyMap<string, string>;
  /** Elements of `-files`, each `path` or `path#name`. */
  readonly files: readonly string[];
  readonly archives: readonly string[];
  /** Elements of every `-input`, cut at commas. */
  readonly inputs: readonly string[];
  /** The streaming options with one value, by name. */
  readonly options: Readonly<Record<StreamingOption, string | null>>;
  /** Every `-cmdenv`, joined by blanks as Hadoop does. */
  readonly environment: string;
  readonly lazyOutput: boolean;
  readonly ignored: readonly IgnoredArgument[];
}

const SINGLE = ['output', 'mapper', 'combiner', 'reducer', 'inputformat', 'outputformat', 'partitioner', 'numReduceTasks', 'inputreader', 'io'] as const;
/** A streaming option with one value. */
export type StreamingOption = (typeof SINGLE)[number];

const UNUSED_WITH_VALUE = ['dfs', 'additionalconfspec', 'mapdebug', 'reducedebug', 'cacheFile', 'cacheArchive', 'file'] as const;
const UNUSED_FLAGS = ['background', 'verbose', 'info', 'debug', 'help'] as const;
/** How many values each option takes: none, one, or all words up to the next option. */
const GENERIC: Readonly<Record<string, 1>> = { D: 1, conf: 1, fs: 1, jt: 1, files: 1, libjars: 1, archives: 1, tokenCacheFile: 1 };
const STREAMING: Readonly<Record<string, 0 | 1 | 'many'>> = {
  ...Object.fromEntries([...SINGLE, ...UNUSED_WITH_VALUE].map((name) => [name, 1 as const])),
  ...Object.fromEntries(UNUSED_FLAGS.map((name) => [name, 0 as const])),
  lazyOutput: 0,
  jobconf: 1,
  cmdenv: 1,
  input: 'many',
};

type Found = Readonly<Record<string, readonly string[]>>;

/**
 * Reads the words after `hadoop-streaming`.
 *
 * @throws JobRefusedError at an unknown option, a missing value, a word that belongs to none, or where `-input` or `-output` is missing
 */
export function parseStreamingArguments(words: readonly string[]): StreamingArguments {
  const { found: generic, rest } = readOptions(words, GENERIC, true);
  const { found } = readOptions(rest, STREAMING, false);
  if (found.input === undefined) throw new JobRefusedError('Required argument: -input <name>');
  if (found.output === undefined) throw new JobRefusedError('Required argument: -output');
  return {
    properties: properties([...(generic.D ?? []), ...(found.jobconf ?? [])]),
    files: elements(generic.files),
    archives: elements(generic.archives),
    inputs: found.input.flatMap((input) => input.split(',')),
    options: Object.fromEntries(SINGLE.map((name) => [name, found[name]?.[0] ?? null])) as Record<StreamingOption, string | null>,
    environment: ['HADOOP_ROOT_LOGGER=', ...(found.cmdenv ?? [])].join(' '),
    lazyOutput: found.lazyOutput !== undefined,
    ignored: [...ignoredGeneric(generic), ...ignoredStreaming(found)],
  };
}

function readOptions(
  words: readonly string[],
  table: Readonly<Record<string, 0 | 1 | 'many'>>,
  stopAtUnknown: boolean,
): { found: Found; rest: readonly string[] } {
  const found: Record<string, string[]> = {};
  let at = 0;
  while (at < words.length) {
    const { name, joined } = optionName(words[at] as string, table);
    if (name === null) {
      if (stopAtUnknown) break;
      throw unrecognized(words[at] as string, table);
    }
    found[name] ??= [];
    const values = found[name];
    at += 1;
    if (joined !== null) values.push(joined);
    else if (table[name] !== 0) at = takeValues(words, at, table, name, values);
  }
  return { found, rest: words.slice(at) };
}

/** `-D a=b` may be written `-Da=b`. */
function optionName(word: string, table: Readonly<Record<string, unknown>>): { readonly name: string | null; readonly joined: string | null } {
  const name = word.startsWith('-') ? word.replace(/^--?/, '') : null;
  if (name !== null && Object.hasOwn(table, name)) return { name, joined: null };
  if (Object.hasOwn(table, 'D') && word.startsWith('-D')) return { name: 'D', joined: word.slice(2) };
  return { name: null, joined: null };
}

function takeValues(words: readonly string[], from: number, table: Readonly<Record<string, 0 | 1 | 'many'>>, name: string, values: string[]): number {
  let at = from;
  while (at < words.length && optionName(words[at] as string, table).name === null) {
    values.push(words[at] as string);
    at += 1;
    if (table[name] === 1) break;
  }
  if (at === from) throw new JobRefusedError(`Missing argument for option: ${name}`);
  return at;
}

function unrecognized(word: string, table: Readonly<Record<string, unknown>>): JobRefusedError {
  if (!word.startsWith('-')) return new JobRefusedError(`Found 1 unexpected arguments on the command line [${word}]`);
  const late = Object.hasOwn(GENERIC, optionName(word, GENERIC).name ?? '') ? '; generic options (-D -files -archives) come before all others' : '';
  return new JobRefusedError(
    `Unrecognized option: ${word}${
      late ||
      `; known are ${Object.keys(table)
        .map((name) => `-${name}`)
        .join(' ')}`
    }`,
  );
}

function properties(settings: readonly string[]): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals > 0) map.set(setting.slice(0, equals), setting.slice(equals + 1));
  }
  return map;
}

/** Hadoop takes the first `-files` and the first `-archives` alone. */
function elements(lists: readonly string[] | undefined): readonly string[] {
  return lists?.[0]?.split(',').filter((element) => element !== '') ?? [];
}

function ignoredGeneric(found: Found): readonly IgnoredArgument[] {
  const again = (['files', 'archives'] as const).flatMap((name) =>
    (found[name] ?? []).slice(1).map((value) => ({ argument: `-${name} ${value}`, reason: `Hadoop takes the first -${name} alone; join the paths by commas` })),
  );
  const unused = (['conf', 'fs', 'jt', 'libjars', 'tokenCacheFile'] as const).flatMap((name) =>
    (found[name] ?? []).map((value) => ({ argument: `-${name} ${value}`, reason: 'the local cluster has no such thing' })),
  );
  const noProperty = (found.D ?? [])
    .filter((setting) => setting.indexOf('=') < 1)
    .map((setting) => ({ argument: `-D ${setting}`, reason: 'it is not name=value' }));
  return [...again, ...unused, ...noProperty];
}

function ignoredStreaming(found: Found): readonly IgnoredArgument[] {
  const valued = UNUSED_WITH_VALUE.flatMap((name) => (found[name] ?? []).map((value) => `-${name} ${value}`));
  const flags = UNUSED_FLAGS.filter((name) => found[name] !== undefined).map((name) => `-${name}`);
  const combiner = (found.combiner ?? []).map((value) => ({
    argument: `-combiner ${value}`,
    reason: 'a combiner may run any number of times; here it runs zero times',
  }));
  return [...[...valued, ...flags].map((argument) => ({ argument, reason: 'the local cluster does not know it' })), ...combiner];
}
