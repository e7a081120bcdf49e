/** Help, from the tables. */
import type { CliCommand, CliOption, CliOptions } from './option-table.ts';

/** Columns that help is folded to. */
const WIDTH = 100;

/** The help of one command. */
export function commandHelp(command: CliCommand<CliOptions>): string {
  const shown = Object.entries<CliOption>(command.options).filter(([, option]) => option.hidden !== true);
  const names = shown.map(([name, option]) => `  --${name}${placeholderOf(option)}`);
  const indent = Math.min(34, Math.max(...names.map((name) => name.length)) + 2);
  const lines = shown.map(([, option], at) => optionLines(names[at] as string, option.meaning, indent));
  const usage = `carillon ${[command.name, ...command.operands].join(' ')} [options]`;
  return [usage, '', fold(command.meaning, 0), '', ...lines, ...command.notes.flatMap((note) => ['', fold(note, 0)]), ''].join('\n');
}

function placeholderOf(option: CliOption): string {
  if (option.kind === 'flag') return '';
  return option.kind === 'choice' ? ` ${option.choices.join('|')}` : ` ${option.value}`;
}

function optionLines(name: string, meaning: string, indent: number): string {
  const text = fold(meaning, indent);
  return name.length + 2 > indent ? `${name}\n${' '.repeat(indent)}${text}` : `${name.padEnd(indent)}${text}`;
}

/** Breaks a text at blanks; lines after the first are indented. */
export function fold(text: string, indent: number): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    if (line !== '' && line.length + word.length + 1 > WIDTH - indent) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}
