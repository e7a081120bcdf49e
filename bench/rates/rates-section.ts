/** The section on rates of `docs/benchmarks.md`, and its plot, from what `bench/rates` measured last. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Machine, machineLine } from '../machine.ts';
import { table } from '../report/markdown-table.ts';
import type { PhaseVerdict } from './judge-rates.ts';
import { ratesPlot } from './rates-plot.ts';

/** What `bench/rates` found. */
export interface RatesReport {
  readonly version: 1;
  readonly machine: Machine;
  readonly command: string;
  readonly phases: readonly PhaseVerdict[];
  /** What was taken and refused in each second, with the limit at that time. */
  readonly seconds: readonly { readonly taken: number; readonly refused: number; readonly limit: number }[];
  /** Objects that a mapper gave up, which the next round would copy. */
  readonly givenUp: number;
  readonly copied: number;
}

const [DATA, PLOT] = ['rates.json', 'rates.svg'];
const HEADS = [
  'phase',
  'limit, writes a second',
  'seconds to nine tenths of it',
  'taken a second, once there',
  'of the limit',
  'refused, once there',
  'least and most of a mapper',
];

function percent(share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)} %`;
}

function row({ name, limit, secondsToLimit, taken, refusedInAll, refusedShare, leastShare, mostShare }: PhaseVerdict): readonly string[] {
  return [
    name,
    limit.toLocaleString('en'),
    secondsToLimit === null ? 'not reached' : secondsToLimit.toFixed(1),
    taken.toFixed(0),
    percent(taken / limit),
    percent(refusedInAll, 2),
    percent(refusedShare, 2),
    `${percent(leastShare)} and ${percent(mostShare)} of an equal part`,
  ];
}

/** Keeps a report and draws its plot. */
export async function publishRates(report: RatesReport, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, DATA as string), `${JSON.stringify(report)}\n`);
  await writeFile(join(folder, PLOT as string), ratesPlot(report));
}

/** Lines of the section; none where nothing was measured yet. */
export async function ratesSection(folder: string): Promise<readonly string[]> {
  const text = await readFile(join(folder, DATA as string), 'utf8').catch(() => null);
  if (text === null) return [];
  const { machine, command, phases, givenUp, copied } = JSON.parse(text) as RatesReport;
  return [
    '## Rates\n',
    `Several copy mappers, which know nothing of each other, against a store that refuses what a prefix takes no more of with 503 SlowDown, as S3 does
(3,500 writes a second until it splits the prefix). Once there means the second half of each phase. \`${command}\`, ${machineLine(machine)}.\n`,
    `![what was taken and refused](benchmarks/${PLOT})\n`,
    table(HEADS, phases.map(row)),
    `${copied.toLocaleString('en')} objects were copied; ${givenUp.toLocaleString('en')} were given up after all their attempts, which another round copies.\n`,
  ];
}
