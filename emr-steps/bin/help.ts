/** `--help` of a program, from its table of options. */
import type { OptionSpec, OptionTable } from '../records/step-arguments.ts';

/** What each program does. */
const PURPOSES: Readonly<Record<string, string>> = {
  'list-objects': 'lists the objects of each partition on standard input (delimiter,prefix); a line an object',
  'plan-parts': 'decides how each listed object is copied and starts multipart uploads; a line a whole object or part',
  'copy-objects': 'copies each whole object or part; a line a result',
  'complete-uploads': 'completes the uploads whose parts have all arrived; a ledger line an object',
  reconcile: 'joins what was to be copied, or both listings, with the ledger; counts, or the rows that another round may settle or that differ',
  'sweep-uploads': 'aborts the open uploads of the run whose keys stand in the rows that were to be copied; a line an upload',
};

function head(name: string, spec: OptionSpec): string {
  switch (spec.kind) {
    case 'flag':
      return `--${name}`;
    case 'choice':
      return `--${name} ${spec.choices.join('|')}`;
    case 'count':
      return `--${name} NUMBER`;
    case 'limit':
      return `--${name} NUMBER`;
    case 'time':
      return `--${name} TIME`;
    case 'text':
    case 'texts':
      return `--${name} TEXT`;
  }
}

function remark(spec: OptionSpec): string {
  if (spec.kind === 'text' && spec.required) return ' (required)';
  return 'default' in spec && spec.default !== undefined && spec.default !== '' ? ` (default ${spec.default})` : '';
}

/** The whole text, a line an option. */
export function helpText(program: string, table: OptionTable): string {
  const lines = Object.entries(table).map(([name, spec]) => `  ${head(name, spec)}\n        ${spec.meaning}${remark(spec)}`);
  const notes = 'Lines come in on standard input and go out on standard output; counters and status go to standard error. Values may be percent-encoded.';
  return `${program}: ${PURPOSES[program] ?? ''}\n\n${lines.join('\n')}\n  --help\n        this text\n\n${notes}\n`;
}
