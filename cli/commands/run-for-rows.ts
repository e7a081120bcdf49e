/** Runs a request whose result is rows: the run is told on standard error, and its rows follow on standard output or in a file. */
import type { FileHandle } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import type { Host } from '../host.ts';
import { withRunDirectory } from '../preflight/run-directory.ts';
import { choosePrinter, type PrinterOptions } from '../printers/printer.ts';
import { endOfRun, executeRequest, type RequestOrder, stepsAlone } from './execute-request.ts';
import { openOutput } from './output-file.ts';

/** What rows are wanted. */
export interface RowsWanted {
  /** Reads them. */
  readonly rowsOf: (output: RunOutput, directory: RunDirectory) => AsyncIterable<string | Uint8Array>;
  /** The exit codes after which there are any. */
  readonly after: readonly number[];
}

/** Runs it and writes its rows. With `json` and no file the events take standard output, and no rows are written. @returns the exit code */
export async function runForRows(
  order: Omit<RequestOrder, 'emit'>,
  values: PrinterOptions & { readonly output: string | undefined },
  { rowsOf, after }: RowsWanted,
): Promise<number> {
  const file = values.output === undefined ? null : await openOutput(values.output);
  try {
    const printer = await choosePrinter(values, order.host, order.host.stderr);
    const end = await executeRequest({ ...order, emit: stepsAlone(printer.event) }).finally(() => printer.end());
    const code = endOfRun(end, order);
    const { output, runId } = end;
    if (after.includes(code) && output !== null && (!values.json || file !== null))
      await withRunDirectory(order, runId, (directory) => writeRows(rowsOf(output, directory), file, order.host));
    return code;
  } finally {
    await file?.close();
  }
}

async function writeRows(rows: AsyncIterable<string | Uint8Array>, file: FileHandle | null, { stdout }: Host): Promise<void> {
  if (file === null) await pipeline(Readable.from(rows), stdout as Writable, { end: false });
  else await file.writeFile(rows);
}
