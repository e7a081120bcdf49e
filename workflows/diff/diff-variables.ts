/** The variables of the diff's script, as the `hive-script` step gives them: `-d NAME=value`. */
import { COMPARISONS, type Comparison } from './diff-select.ts';

/** What the script is told. */
export interface DiffVariables {
  /** Folder of the source's listing, a path or URL. */
  readonly source: string;
  readonly destination: string;
  /** A fresh folder; `to-copy`, `extra` and `counts` come to lie in it. */
  readonly output: string;
  /** Part of every table's name: letters, digits and `_`. */
  readonly run: string;
  /** Default false. */
  readonly extras: boolean;
  /** Default `etag`. */
  readonly compare: Comparison;
}

/** The arguments of a `hive-script` step cannot be those of the diff. Final. */
export class DiffArgumentError extends Error {
  override readonly name = 'DiffArgumentError';
  readonly code = 'DIFF_ARGUMENT_INVALID';
  readonly retryable = false;
}

/** The variables, and the arguments that only Hive itself could obey. */
export interface DiffArguments {
  readonly variables: DiffVariables;
  /** Such as `-f s3://…/diff.hql`. */
  readonly others: readonly string[];
}

const DEFINITION = new Set(['-d', '--define', '--hivevar']);
const WITH_VALUE = new Set(['-f', '-e', '-i', '--hiveconf', '--database']);

/** The definitions of a command line, and what else stands there. */
function definitions(words: readonly string[]): { readonly defined: Map<string, string>; readonly others: readonly string[] } {
  const defined = new Map<string, string>();
  const others: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    const value = words[at + 1];
    if (DEFINITION.has(word)) {
      const [, name, text] = /^([A-Za-z_]\w*)=(.*)$/s.exec(value ?? '') ?? [];
      if (name === undefined || text === undefined) throw new DiffArgumentError(`${word} ${value ?? ''} is no definition; write ${word} NAME=value`);
      defined.set(name, text);
      at += 1;
    } else if (WITH_VALUE.has(word) && value !== undefined) {
      others.push(`${word} ${value}`);
      at += 1;
    } else if (word !== '--run-hive-script' && word !== '--args') others.push(word);
  }
  return { defined, others };
}

function isComparison(text: string): text is Comparison {
  return (COMPARISONS as readonly string[]).includes(text);
}

/**
 * The variables in the arguments of a `hive-script` step (with or without that word).
 *
 * @throws DiffArgumentError where one is missing, unknown, or has a value that is not allowed
 */
export function diffArguments(args: readonly string[]): DiffArguments {
  const { defined, others } = definitions(args[0] === 'hive-script' ? args.slice(1) : args);
  const take = (name: string, fallback?: string): string => {
    const value = defined.get(name) ?? fallback;
    defined.delete(name);
    if (value === undefined || value === '') throw new DiffArgumentError(`-d ${name}= is missing`);
    return value;
  };
  const [source, destination, output, run] = [take('SOURCE'), take('DESTINATION'), take('OUTPUT'), take('RUN', 'run')];
  const [extras, compare] = [take('EXTRAS', 'false'), take('COMPARE', 'etag')];
  if (!/^\w+$/.test(run)) throw new DiffArgumentError(`-d RUN=${run} would not be part of a table's name; letters, digits and _ are allowed`);
  if (extras !== 'true' && extras !== 'false') throw new DiffArgumentError(`-d EXTRAS=${extras} is neither true nor false`);
  if (!isComparison(compare)) throw new DiffArgumentError(`-d COMPARE=${compare} is none of ${COMPARISONS.join(', ')}`);
  const [unknown] = defined.keys();
  if (unknown !== undefined) throw new DiffArgumentError(`-d ${unknown}= is no variable of the diff`);
  return { variables: { source, destination, output, run, extras: extras === 'true', compare }, others };
}
