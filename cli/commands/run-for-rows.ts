/** Runs a request whose result is rows: the run is told on standard error, and its rows follow on standard output or in a file. */
import { createWriteStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import type { Host } from '../host.ts';
import { choosePrinter, type PrinterOptions } from '../printers/printer.ts';
import { endOfRun, executeRequest, type RequestOrder, stepsAlone } from './execute-request.ts';

/** What rows are wanted. */
export interface RowsWanted {
  /** Reads them. */
  readonly rowsOf: (output: RunOutput) => AsyncIterable<string | Uint8Array>;
  /** The exit codes after which there are any. */
  readonly after: readonly number[];
}

/** Runs it and writes its rows. With `json` and no file the events take standard output, and no rows are written. @returns the exit code */
export async function runForRows(
  order: Omit<RequestOrder, 'emit'>,
  values: PrinterOptions & { readonly output: string | undefined },
  { rowsOf, after }: RowsWanted,
): Promise<number> {
  const printer = await choosePrinter(values, order.host, order.host.stderr);
  const end = await executeRequest({ ...order, emit: stepsAlone(printer.event) }).finally(() => printer.end());
  const code = endOfRun(end, order);
  if (after.includes(code) && end.output !== null && (!values.json || values.output !== undefined))
    await writeRows(rowsOf(end.output), values.output, order.host);
  return code;
}

async function writeRows(rows: AsyncIterable<string | Uint8Array>, file: string | undefined, { stdout }: Host): Promise<void> {
  if (file === undefined) await pipeline(Readable.from(rows), stdout as Writable, { end: false });
  else await pipeline(Readable.from(rows), createWriteStream(file));
}
