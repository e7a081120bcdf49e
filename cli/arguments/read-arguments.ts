/** From the words of a command line to values by name, or one error with every problem. */
import { nearNames } from './near-names.ts';
import type { CliCommand, CliOption, CliOptions, CliValues } from './option-table.ts';
import { UsageError } from './usage-error.ts';

/** A command line as read. */
export interface ReadArguments<T extends CliOptions> {
  /** As many as the command names. */
  readonly operands: readonly string[];
  readonly values: CliValues<T>;
}

type Value = string | number | boolean | readonly string[] | undefined;
type Values = Record<string, Value>;

/**
 * Reads a command line: `--name value`, `--name=value`, `--` before operands that begin with a dash. Of an option that stands twice the last counts, unless it is a list.
 *
 * @throws UsageError with every problem
 */
export function readArguments<T extends CliOptions>(command: CliCommand<T>, words: readonly string[]): ReadArguments<T> {
  const values: Values = Object.fromEntries(Object.entries(command.options).map(([name, option]) => [name, absentValue(option)]));
  const operands: string[] = [];
  const problems: string[] = [];
  let at = 0;
  while (at < words.length) {
    const word = words[at] as string;
    if (word === '--') {
      operands.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') operands.push(word);
    else at += readOption(command, words, at, values, problems);
    at += 1;
  }
  problems.push(...operandProblems(command, operands));
  if (problems.length > 0) throw new UsageError(problems);
  return { operands, values: values as CliValues<T> };
}

function absentValue({ kind }: CliOption): Value {
  return kind === 'flag' ? false : kind === 'texts' ? [] : undefined;
}

/** @returns how many words after the option's own it took */
function readOption(command: CliCommand<CliOptions>, words: readonly string[], at: number, values: Values, problems: string[]): number {
  const [word, name, inline] = /^--?([^=]+)(?:=(.*))?$/s.exec(words[at] as string) ?? [words[at] as string, '', undefined];
  const option = Object.hasOwn(command.options, name as string) ? command.options[name as string] : undefined;
  if (option === undefined || !word.startsWith('--')) {
    problems.push(unknownOption(command, words[at] as string));
    return 0;
  }
  if (option.kind === 'flag') return readFlag(name as string, option, inline, words[at + 1], values, problems);
  const value = inline ?? words[at + 1];
  if (value === undefined) problems.push(`--${name} has no value; it is ${option.meaning}`);
  else if (option.kind === 'texts') values[name as string] = [...(values[name as string] as readonly string[]), value];
  else values[name as string] = readValue(name as string, option, value, problems);
  return inline === undefined ? 1 : 0;
}

function readFlag(
  name: string,
  option: CliOption & { kind: 'flag' },
  inline: string | undefined,
  next: string | undefined,
  values: Values,
  problems: string[],
): number {
  values[name] = true;
  if (inline !== undefined && inline !== option.mayFollow) problems.push(`--${name} takes no value, ${JSON.stringify(inline)} was given`);
  return inline === undefined && next !== undefined && next === option.mayFollow ? 1 : 0;
}

function readValue(name: string, option: Exclude<CliOption, { kind: 'flag' | 'texts' }>, value: string, problems: string[]): string | number | undefined {
  if (option.kind === 'choice' && !option.choices.includes(value))
    problems.push(`--${name} is ${JSON.stringify(value)}; allowed are ${option.choices.join(', ')}`);
  if (option.kind !== 'count') return value;
  const count = Number(value);
  if (!/^\d{1,15}$/.test(value) || count < option.least)
    problems.push(`--${name} is ${JSON.stringify(value)}; a whole number of at least ${option.least} is needed`);
  return count;
}

function unknownOption({ name, options }: CliCommand<CliOptions>, word: string): string {
  const asked = word.replace(/^-+/, '').replace(/=.*/s, '');
  const near = nearNames(asked, Object.keys(options));
  const hint = near.length > 0 ? `did you mean ${near.map((one) => `--${one}`).join(' or ')}?` : `see carillon ${name} --help`;
  return `unknown option ${JSON.stringify(word)}; ${hint}`;
}

function operandProblems({ name, operands }: CliCommand<CliOptions>, given: readonly string[]): readonly string[] {
  const missing = operands.slice(given.length).map((operand) => `${operand} is missing; write carillon ${[name, ...operands].join(' ')}`);
  const tooMany = given.slice(operands.length).map((word) => `${JSON.stringify(word)} is one argument too many; ${name} takes ${operands.join(' ') || 'none'}`);
  return [...missing, ...tooMany];
}
