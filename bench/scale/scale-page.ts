/** `docs/scale.md`: the capacity model, and what was measured at scale. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Machine, machineLine } from '../machine.ts';
import { table } from '../report/markdown-table.ts';
import type { ScaleFacts } from './scale-place.ts';

/** A part of one size, and what came of it. */
export interface ScaleResult extends ScaleFacts {
  readonly part: 'list' | 'diff' | 'copy';
  readonly size: number;
  readonly command: string;
  /** Before it began. */
  readonly load: number;
  readonly machine: Machine;
}

/** The file of results. */
export interface ScaleReport {
  readonly version: 1;
  readonly results: readonly ScaleResult[];
}

const DOCS = join(import.meta.dirname, '..', '..', 'docs');
const MODEL = join(import.meta.dirname, 'capacity-model.md');
/** What the project wants to have run. */
const FULL: Readonly<Record<ScaleResult['part'], number>> = { list: 1_000_000_000, diff: 100_000_000, copy: 10_000_000 };
const TITLES: Readonly<Record<ScaleResult['part'], string>> = { list: 'Listing', diff: 'Diff', copy: 'Copy' };

function section({ part, size, command, load, machine, facts, isRight }: ScaleResult): readonly string[] {
  const about = `\`${command}\`, ${machineLine(machine)}. The load was ${load.toFixed(1)} when it began${load > 1 ? ': other work ran beside it, so its times are upper bounds' : ''}.`;
  return [
    `### ${TITLES[part]}, ${size.toLocaleString('en')}\n`,
    `${about}\n`,
    isRight ? '' : '**Not all of it is right.**\n',
    table(
      ['', ''],
      facts.map(([name, value]) => [name, value]),
    ),
  ];
}

function absentLines(results: readonly ScaleResult[]): readonly string[] {
  const absent = (Object.keys(FULL) as ScaleResult['part'][]).filter((part) => !results.some((result) => result.part === part && result.size >= FULL[part]));
  if (absent.length === 0) return [];
  return [`Not run at full size yet: ${absent.map((part) => `\`node bench/scale/scale.ts --${part} ${FULL[part]} --publish\``).join(', ')}.\n`];
}

/** The page. @param model - the text on the capacity model */
export function scalePage(model: string, results: readonly ScaleResult[]): string {
  return [
    model.trimEnd(),
    '\n## Measured\n',
    '`make bench-scale` runs all three at their full size and writes this page.\n',
    ...absentLines(results),
    ...results.flatMap(section),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** The new results in place of older ones of the same part and size; the others stay. */
export function mergedScale(older: readonly ScaleResult[], results: readonly ScaleResult[]): readonly ScaleResult[] {
  const isSame = (a: ScaleResult, b: ScaleResult) => a.part === b.part && a.size === b.size;
  const all = [...older.filter((old) => !results.some((result) => isSame(result, old))), ...results];
  const order = Object.keys(FULL);
  return all.toSorted((a, b) => order.indexOf(a.part) - order.indexOf(b.part) || a.size - b.size);
}

/** Writes page and data. */
export async function publishScale(results: readonly ScaleResult[]): Promise<void> {
  const folder = join(DOCS, 'benchmarks');
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'scale.json');
  const older = await readFile(file, 'utf8').then(
    (text) => (JSON.parse(text) as ScaleReport).results,
    () => [],
  );
  const report: ScaleReport = { version: 1, results: mergedScale(older, results) };
  await writeFile(file, `${JSON.stringify(report, null, 1)}\n`);
  await writeFile(join(DOCS, 'scale.md'), scalePage(await readFile(MODEL, 'utf8'), report.results));
}
