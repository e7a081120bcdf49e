/** Runs the real command as a child process and reads what the run left in its directory. */
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LedgerRow, ledgerRow } from '../../emr-steps/records/ledger-row.ts';
import { isRowsFile, OUTPUT_FILE, SUMMARY_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunOutput, RunSummary } from '../../workflows/events/run-output.ts';

/** Where the command is, from the root of the project. */
export const COMMAND = join('cli', 'bin', 'carillon');

/** How to run it. */
export interface CommandPlace {
  /** Root of the project. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Empty: the folder of run directories. */
  readonly runs: string;
  /** Whether standard output is shown. */
  readonly show: boolean;
}

/** A finished run. */
export interface FinishedRun {
  readonly exitCode: number;
  readonly output: RunOutput;
  readonly summary: RunSummary;
  readonly ledger: readonly LedgerRow[];
}

function start({ root, env, show }: CommandPlace, words: readonly string[]): Promise<number> {
  const child = spawn(join(root, COMMAND), words, { env, stdio: ['ignore', show ? 'inherit' : 'ignore', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function ledgerRows(directory: string, { places }: RunOutput): Promise<readonly LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for (const place of places.ledgers) {
    const folder = join(directory, place);
    for (const name of (await readdir(folder)).filter(isRowsFile).toSorted()) {
      const lines = (await readFile(join(folder, name), 'utf8')).split('\n');
      rows.push(...lines.filter((line) => line !== '').map(ledgerRow.decode));
    }
  }
  return rows;
}

/** Runs `carillon` with these words and its run directories in a folder that must hold no other run with the same name. */
export async function runCarillon(place: CommandPlace, words: readonly string[]): Promise<FinishedRun> {
  const before = new Set(await readdir(place.runs));
  const exitCode = await start(place, [...words, '--run-dir', place.runs]);
  const [name] = (await readdir(place.runs)).filter((entry) => !before.has(entry));
  if (name === undefined) throw new Error(`carillon ${words.join(' ')} ended with exit code ${exitCode} and left no run directory in ${place.runs}`);
  const directory = join(place.runs, name);
  const json = async (file: string) => JSON.parse(await readFile(join(directory, file), 'utf8'));
  const output = (await json(OUTPUT_FILE)) as RunOutput;
  return { exitCode, output, summary: (await json(SUMMARY_FILE)) as RunSummary, ledger: await ledgerRows(directory, output) };
}
