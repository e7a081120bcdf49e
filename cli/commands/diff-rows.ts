/** The rows of a finished diff, a line each with its verdict first. */
import { readLineBatches } from '../../emr-steps/hadoop/line-reader.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { rowsFiles } from '../../emr-steps/run-directory/step-output.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';

/** Columns of a listing's line; the diff's rows carry the verdict behind them. */
const VERDICT_COLUMN = 10;

/** The rows. */
export async function* diffRows({ places: { toCopy, extra } }: RunOutput, directory: RunDirectory): AsyncGenerator<string> {
  for (const folder of [toCopy, extra]) if (folder !== null) yield* verdictFirst(directory, folder);
}

async function* verdictFirst(directory: RunDirectory, folder: string): AsyncGenerator<string> {
  for (const { path } of await rowsFiles(directory, folder))
    for await (const lines of readLineBatches(directory.openRead(path))) yield lines.map(rowOf).join('');
}

function rowOf(line: string): string {
  const columns = line.split('\t');
  return `${[columns[VERDICT_COLUMN], ...columns.slice(0, VERDICT_COLUMN)].join('\t')}\n`;
}
