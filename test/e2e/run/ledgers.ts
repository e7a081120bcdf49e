/** The ledgers of a run, wherever its directory lies. */
import { gunzipSync } from 'node:zlib';
import { type LedgerRow, ledgerRow } from '../../../emr-steps/records/ledger-row.ts';
import type { RunDirectory } from '../../../emr-steps/run-directory/run-directory.ts';
import { isFinished, rowsFiles } from '../../../emr-steps/run-directory/step-output.ts';
import type { RunOutput } from '../../../workflows/events/run-output.ts';

/** Every line of a folder's rows. */
export async function linesOf(directory: RunDirectory, folder: string): Promise<readonly string[]> {
  const texts = await Promise.all(
    (await rowsFiles(directory, folder)).map(async ({ path }) => {
      const bytes = Buffer.from((await directory.read(path)) ?? []);
      return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    }),
  );
  return texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
}

/** The rows of all rounds, in order of keys and rounds. */
export async function ledgerOf(directory: RunDirectory, rounds: number): Promise<readonly LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (let number = 1; number <= 9; number += 1) {
      const folder = `rounds/${round}/ledger/try-${number}`;
      if (await isFinished(directory, folder)) rows.push(...(await linesOf(directory, folder)).map(ledgerRow.decode));
    }
  }
  return rows.toSorted((a, b) => Buffer.compare(Buffer.from(`${a.key}\0${a.round}`), Buffer.from(`${b.key}\0${b.round}`)));
}

/** Rows without what differs from run to run: times, attempts. */
export function comparable(rows: readonly LedgerRow[]): readonly Omit<LedgerRow, 'time' | 'attempt'>[] {
  return rows.map(({ time: _time, attempt: _attempt, ...row }) => row);
}

/** Books without the run's name and times. */
export function comparableBooks(output: RunOutput | null) {
  return { status: output?.status, books: output?.books };
}
