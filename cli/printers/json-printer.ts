/** One event a line on standard output, as JSON: for programs. */
import type { Output } from '../host.ts';
import type { Printer } from './printer.ts';

/** The printer of `--json`. */
export function jsonPrinter(stdout: Output): Printer {
  return {
    event: (event) => {
      stdout.write(`${JSON.stringify(event)}\n`);
    },
    end: () => {},
  };
}
