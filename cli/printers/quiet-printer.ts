/** Nothing but what went wrong, on standard error. */
import type { Output } from '../host.ts';
import { failureText } from './failure-text.ts';
import type { Printer } from './printer.ts';

/** The printer of `--quiet`. */
export function quietPrinter(stderr: Output): Printer {
  return {
    event: (event) => {
      const text = failureText(event);
      if (text !== null) stderr.write(text);
    },
    end: () => {},
  };
}
