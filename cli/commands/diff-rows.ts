/** The rows of a finished diff, a line each with its verdict first. */
import { fileRunDirectory } from '../../emr-steps/run-directory/file-run-directory.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { rowsFiles } from '../../emr-steps/run-directory/step-output.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';

/** Columns of a listing's line; the diff's rows carry the verdict behind them. */
const VERDICT_COLUMN = 10;

/** The rows. */
export async function* diffRows({ runDirectory, places: { toCopy, extra } }: RunOutput): AsyncGenerator<string> {
  const directory = fileRunDirectory(runDirectory);
  for (const folder of [toCopy, extra]) if (folder !== null) yield* verdictFirst(directory, folder);
}

/** Lines end at LF alone: keys may hold what other readers take for a line's end. */
async function* verdictFirst(directory: RunDirectory, folder: string): AsyncGenerator<string> {
  for (const { path } of await rowsFiles(directory, folder)) {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    let rest = '';
    for await (const chunk of directory.openRead(path)) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (lines.length > 0) yield lines.map(rowOf).join('');
    }
  }
}

function rowOf(line: string): string {
  const columns = line.split('\t');
  return `${[columns[VERDICT_COLUMN], ...columns.slice(0, VERDICT_COLUMN)].join('\t')}\n`;
}
