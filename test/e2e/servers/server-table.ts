/** The table of docs/s3-servers.md: which object arrives on which server as it left, and what the server can't do. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { S3Server } from './servers.ts';

/** What became of an object on a server. `yes`: it arrived as it was meant to be. */
export type Cell = string;

const DOCUMENT = resolve(import.meta.dirname, '../../../docs/s3-servers.md');
const BEGIN = '<!-- written by test/e2e/servers; begin -->';
const END = '<!-- end -->';

/** Puts the table into the document. @param cells - by server, then by row */
export function writeServerTable(servers: readonly S3Server[], rows: readonly string[], cells: ReadonlyMap<string, ReadonlyMap<string, Cell>>): void {
  const text = readFileSync(DOCUMENT, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${DOCUMENT} has lost the marks between which the table stands`);
  const table = [servers.map(versionLine).join('\n'), '', tableOf(servers, rows, cells)].join('\n');
  const written = `${text.slice(0, begin)}${BEGIN}\n${table}\n${text.slice(end)}`;
  if (written !== text) writeFileSync(DOCUMENT, written);
}

function versionLine({ name, version, from }: S3Server): string {
  return `- ${name} ${version}: ${from}`;
}

function tableOf(servers: readonly S3Server[], rows: readonly string[], cells: ReadonlyMap<string, ReadonlyMap<string, Cell>>): string {
  const line = (columns: readonly string[]): string => `| ${columns.join(' | ')} |`;
  const all = (row: string): readonly Cell[] => servers.map(({ name }) => cells.get(name)?.get(row) ?? 'not tried');
  // Rows in which no server differs need no line of their own.
  const telling = rows.filter((row) => all(row).some((cell) => cell !== 'yes'));
  const same = rows.filter((row) => !telling.includes(row));
  return [
    line(['object', ...servers.map(({ name }) => name)]),
    line(['---', ...servers.map(() => '---')]),
    ...telling.map((row) => line([row, ...all(row)])),
    '',
    `Arrived as they were meant to be on every server: ${same.join('; ')}.`,
  ].join('\n');
}
