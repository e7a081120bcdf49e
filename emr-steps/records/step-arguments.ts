/**
 * The command lines of the steps' programs: one table of options a program, from which the run plan writes arguments, the program
 * reads them and `--help` is printed. Values are ASCII text without blanks or quotes (`encodeArgument`), because Hadoop Streaming splits
 * `-mapper "node/run.sh copy-objects.js --x y"` at blanks and knows only quotes, and because a JVM whose locale is C gives a program
 * `?` for every other character.
 */

/**
 * One option. `text` values are percent-decoded; `texts` may stand several times; `flag` takes no value; `count` is a whole number; `choice` one of
 * a list; `time` is ISO 8601 with its offset from UTC.
 */
export type OptionSpec =
  | { readonly kind: 'text'; readonly meaning: string; readonly default?: string; readonly required?: true }
  | { readonly kind: 'texts'; readonly meaning: string }
  | { readonly kind: 'time'; readonly meaning: string }
  | { readonly kind: 'count'; readonly meaning: string; readonly default: number; readonly least?: number }
  /** A whole number that need not be given. */
  | { readonly kind: 'limit'; readonly meaning: string }
  | { readonly kind: 'flag'; readonly meaning: string }
  | { readonly kind: 'choice'; readonly meaning: string; readonly choices: readonly string[]; readonly default: string };

/** Options by name, without the leading dashes. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** Values of the kinds that have one type whatever else their spec says. */
interface PlainValues {
  readonly flag: boolean;
  readonly count: number;
  readonly limit: number | undefined;
  readonly time: Date | undefined;
  readonly texts: readonly string[];
}

type OptionValue<S extends OptionSpec> = S['kind'] extends keyof PlainValues
  ? PlainValues[S['kind']]
  : S extends { readonly kind: 'choice'; readonly choices: readonly (infer C)[] }
    ? C
    : S extends { readonly required: true }
      ? string
      : S extends { readonly default: string }
        ? string
        : string | undefined;

/** The values of a table's options, by name. */
export type OptionValues<T extends OptionTable> = { readonly [K in keyof T]: OptionValue<T[K]> };

/** What a caller may give for a table; what is left out has its default. */
export type OptionInput<T extends OptionTable> = { readonly [K in keyof T]?: OptionValue<T[K]> | undefined };

/** A command line that cannot be run: unknown option, missing or wrong value. Final. */
export class StepArgumentError extends Error {
  override readonly name = 'StepArgumentError';
  readonly code = 'STEP_ARGUMENT_INVALID';
  readonly retryable = false;
}

/** What stands as itself in an argument; every other byte of the UTF-8 is percent-encoded. */
const AS_ITSELF = /^[A-Za-z0-9\-_.~/:,=+@]$/;

/**
 * The value as one word of ASCII without blanks, quotes or anything else that Hadoop, a shell or a substitution would read.
 *
 * @throws StepArgumentError where the value is no valid Unicode
 */
export function encodeArgument(value: string): string {
  if (!value.isWellFormed()) throw new StepArgumentError(`${JSON.stringify(value)} holds a lone surrogate; only valid Unicode can be an argument`);
  const percent = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return value.replace(/./gsu, (c) => (AS_ITSELF.test(c) ? c : Array.from(new TextEncoder().encode(c), percent).join('')));
}

/**
 * The value of an argument: each `%XX` is a byte of UTF-8, everything else stands for itself.
 *
 * @throws StepArgumentError where `%` is no escape or the bytes are no UTF-8
 */
export function decodeArgument(argument: string): string {
  try {
    return decodeURIComponent(argument);
  } catch {
    throw new StepArgumentError(`${JSON.stringify(argument)} is not percent-encoded UTF-8; write a percent sign as %25`);
  }
}

/** The arguments of a command line; options at their default are left out. */
export function encodeOptions<T extends OptionTable>(table: T, values: OptionInput<T>): readonly string[] {
  const words: string[] = [];
  for (const [name, spec] of Object.entries(table)) {
    const value = (values as Readonly<Record<string, Value>>)[name];
    if (value === undefined || value === false || ('default' in spec && value === spec.default)) continue;
    if (value === true) words.push(`--${name}`);
    else for (const one of Array.isArray(value) ? (value as readonly string[]) : [value as Single]) words.push(...withValue(name, one));
  }
  return words;
}

type Single = string | number | Date;
type Value = Single | boolean | readonly string[] | undefined;

function withValue(name: string, value: Single): readonly string[] {
  // An empty word would vanish between two blanks.
  return value === '' ? [`--${name}=`] : [`--${name}`, encodeArgument(value instanceof Date ? value.toISOString() : String(value))];
}

/**
 * The values of a command line.
 *
 * @throws StepArgumentError at the first word that is not in the table, or has a wrong or missing value
 */
export function decodeOptions<T extends OptionTable>(table: T, words: readonly string[]): OptionValues<T> {
  const values: Record<string, Value> = {};
  for (const [name, spec] of Object.entries(table)) values[name] = absent(spec);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    const [, name = '', inline] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    const spec = Object.hasOwn(table, name) ? table[name] : undefined;
    if (spec === undefined)
      throw new StepArgumentError(
        `unknown option ${JSON.stringify(word)}; known are ${Object.keys(table)
          .map((known) => `--${known}`)
          .join(' ')}`,
      );
    if (spec.kind === 'flag') {
      if (inline !== undefined) throw new StepArgumentError(`--${name} takes no value`);
      values[name] = true;
    } else {
      if (inline === undefined) at += 1;
      const value = decodeOption(name, spec, inline ?? words[at]);
      values[name] = spec.kind === 'texts' ? [...(values[name] as readonly string[]), value as string] : value;
    }
  }
  for (const [name, spec] of Object.entries(table)) {
    if (spec.kind === 'text' && spec.required && (values[name] === undefined || values[name] === ''))
      throw new StepArgumentError(`--${name} is missing; it is ${spec.meaning}`);
  }
  return values as OptionValues<T>;
}

function absent(spec: OptionSpec): Value {
  if (spec.kind === 'flag') return false;
  if (spec.kind === 'texts') return [];
  return 'default' in spec ? spec.default : undefined;
}

function decodeText(name: string, value: string): string {
  try {
    return decodeArgument(value);
  } catch (error) {
    throw new StepArgumentError(`--${name}: ${(error as Error).message}`);
  }
}

function decodeOption(name: string, spec: Exclude<OptionSpec, { kind: 'flag' }>, value: string | undefined): Single {
  if (value === undefined) throw new StepArgumentError(`--${name} has no value; it is ${spec.meaning}`);
  if (spec.kind === 'text' || spec.kind === 'texts') return decodeText(name, value);
  if (spec.kind === 'time') return decodeInstant(name, decodeText(name, value));
  if (spec.kind === 'choice') {
    if (!spec.choices.includes(value)) throw new StepArgumentError(`--${name} is ${JSON.stringify(value)}; allowed are ${spec.choices.join(', ')}`);
    return value;
  }
  const least = spec.kind === 'count' ? (spec.least ?? 0) : 0;
  const count = Number(value);
  if (!/^\d{1,15}$/.test(value) || count < least)
    throw new StepArgumentError(`--${name} is ${JSON.stringify(value)}; a whole number of at least ${least} is needed`);
  return count;
}

const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** A time with its offset, or a day, which begins at midnight UTC: never one that depends on where the program runs. */
function decodeInstant(name: string, text: string): Date {
  const time = new Date(text);
  if (!INSTANT.test(text) || Number.isNaN(time.getTime()))
    throw new StepArgumentError(`--${name} is ${JSON.stringify(text)}; a time such as 2026-01-02T03:04:05Z or a day such as 2026-01-02 is needed`);
  return time;
}
