/** The rows of what a verification found at odds. */
import { createWriteStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileRunDirectory } from '../../emr-steps/run-directory/file-run-directory.ts';
import { rowsFiles } from '../../emr-steps/run-directory/step-output.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import type { Host } from '../host.ts';

/** Writes the rows to a file, or to standard output. */
export async function writeDifferences({ runDirectory, places }: RunOutput, file: string | undefined, { stdout }: Host): Promise<void> {
  const rows = Readable.from(rowsOf(runDirectory, places.differences));
  if (file === undefined) await pipeline(rows, stdout as Writable, { end: false });
  else await pipeline(rows, createWriteStream(file));
}

async function* rowsOf(runDirectory: string, folder: string | null): AsyncGenerator<Uint8Array> {
  if (folder === null) return;
  const directory = fileRunDirectory(runDirectory);
  for (const { path } of await rowsFiles(directory, folder)) yield* directory.openRead(path);
}
