/** For people without a terminal: a line an event on standard error, the books on standard output. */
import type { Output } from '../host.ts';
import { finishedText } from './books-text.ts';
import { eventText } from './event-text.ts';
import type { Printer } from './printer.ts';

/** The printer where standard error is no terminal. */
export function linePrinter(stdout: Output, stderr: Output): Printer {
  let runDirectory = '';
  return {
    event: (event) => {
      if (event.type === 'run.started' || event.type === 'run.resumed') runDirectory = event.runDirectory;
      if (event.type === 'run.finished') stdout.write(finishedText(event, runDirectory));
      const text = eventText(event);
      if (text !== null) stderr.write(text);
    },
    end: () => {},
  };
}
