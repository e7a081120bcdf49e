/** Printers turn events into text; nothing else prints. */
import type { EventSink } from '../../workflows/events/run-event.ts';
import type { Host, Output } from '../host.ts';

/** A printer. */
export interface Printer {
  readonly event: EventSink;
  /** Nothing follows; what was drawn in place is cleared. */
  end(): void;
}

/** What is asked for. */
export interface PrinterOptions {
  readonly json: boolean;
  readonly quiet: boolean;
}

/**
 * The printer that the options ask for.
 *
 * @param summary - where the end of the run is told; standard error where standard output holds rows
 */
export async function choosePrinter({ json, quiet }: PrinterOptions, host: Host, summary: Output = host.stdout): Promise<Printer> {
  if (json) return (await import('./json-printer.ts')).jsonPrinter(host.stdout);
  if (quiet) return (await import('./quiet-printer.ts')).quietPrinter(host.stderr);
  if (host.stderr.isTTY === true) return (await import('./bar-printer.ts')).barPrinter(summary, host.stderr);
  return (await import('./line-printer.ts')).linePrinter(summary, host.stderr);
}
