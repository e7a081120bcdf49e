/** Where a part of the scale bench happens, and what each part says. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ShapeName } from '../../infra/local/s3-store/virtual/shape-names.ts';
import { type Measurement, measure } from '../measure.ts';

/** The surroundings. */
export interface ScalePlace {
  /** A fresh folder on a disk with room; removed afterwards. */
  readonly folder: string;
  readonly shape: ShapeName;
  /** Share of multipart objects. */
  readonly multipart: number;
  /** Processes that serve the store. */
  readonly processes: number;
  /** Mappers that list at once. */
  readonly tasks: number;
}

/** What a part says. */
export interface ScaleFacts {
  readonly isRight: boolean;
  /** Names and values of a table, in its order. */
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** Bytes of one. */
export const MIB = 1_048_576;

/** A number in groups of three. */
export function counted(number: number): string {
  return Math.round(number).toLocaleString('en');
}

/** Runs a program of this folder as a process of its own. @returns what it cost, and its standard output */
export async function measuredJob(
  folder: string,
  program: string,
  words: readonly string[],
): Promise<{ readonly measurement: Measurement; readonly output: string }> {
  const line = [process.execPath, join(import.meta.dirname, program), ...words].map(quoted).join(' ');
  return measuredLine(folder, `exec ${line}`, {});
}

/** Runs a line of a shell. */
export async function measuredLine(folder: string, line: string, env: Readonly<Record<string, string>>) {
  await mkdir(folder, { recursive: true });
  const output = join(folder, 'output');
  const measurement = await measure({ line, cwd: folder, env: { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: folder, ...env }, output });
  if (measurement.exitCode !== 0) throw new Error(`${line} ended with exit code ${measurement.exitCode}: ${await readFile(`${output}.err`, 'utf8')}`);
  return { measurement, output: await readFile(output, 'utf8') };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** What every part costs. */
export function costs({ wall, user, system, memory, largestProcess }: Measurement): ScaleFacts['facts'] {
  return [
    ['wall', `${wall.toFixed(0)} s`],
    ['CPU of the tree, without the store', `${(user + system).toFixed(0)} s`],
    ['memory of the tree at its highest', `${counted(memory / MIB)} MiB`],
    ['its largest process', `${counted(largestProcess / MIB)} MiB`],
  ];
}
