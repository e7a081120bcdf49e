/** Options as people type them: tables from which a command line is read and `--help` is printed. */

/** One option. */
export type CliOption =
  | { readonly kind: 'text'; readonly value: string; readonly meaning: string; readonly hidden?: true }
  /** May stand several times. */
  | { readonly kind: 'texts'; readonly value: string; readonly meaning: string; readonly hidden?: true }
  | { readonly kind: 'count'; readonly value: string; readonly meaning: string; readonly least: number; readonly hidden?: true }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly meaning: string; readonly hidden?: true }
  | {
      readonly kind: 'flag';
      /** A value that may follow and says nothing more, such as `requester` (AWS's `--request-payer requester`). */
      readonly mayFollow?: string;
      readonly meaning: string;
      readonly hidden?: true;
    };

/** Options by name, without the leading dashes. */
export type CliOptions = Readonly<Record<string, CliOption>>;

type ValueOf<O extends CliOption> = O extends { readonly kind: 'flag' }
  ? boolean
  : O extends { readonly kind: 'texts' }
    ? readonly string[]
    : O extends { readonly kind: 'count' }
      ? number | undefined
      : O extends { readonly kind: 'choice'; readonly choices: readonly (infer C)[] }
        ? C | undefined
        : string | undefined;

/** What was given, by name; where they were not, flags are false, lists empty, and the others undefined. */
export type CliValues<T extends CliOptions> = { readonly [K in keyof T]: ValueOf<T[K]> };

/** A command as help shows it and as its line is read. */
export interface CliCommand<T extends CliOptions> {
  readonly name: string;
  /** One line. */
  readonly meaning: string;
  /** Names of the positional arguments, all of them needed. */
  readonly operands: readonly string[];
  readonly options: T;
  /** Further paragraphs of its help. */
  readonly notes: readonly string[];
}
