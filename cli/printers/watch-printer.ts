/** For people who look on: the states too, and where there is no terminal a line of progress now and then. */
import type { RunEvent } from '../../workflows/events/run-event.ts';
import type { Host } from '../host.ts';
import { barPrinter } from './bar-printer.ts';
import { type StepBar, stepBarText } from './bar-text.ts';
import { jsonPrinter } from './json-printer.ts';
import { linePrinter } from './line-printer.ts';
import type { Printer } from './printer.ts';

/** Milliseconds between two lines of progress of a step. */
const LINE_EVERY = 10_000;
/** Characters of a line of progress. */
const LINE_WIDTH = 160;

/** The printer of `carillon watch`. @param clock - milliseconds since 1970, by which events tell their times */
export function watchPrinter({ json }: { readonly json: boolean }, { stdout, stderr }: Host, clock: () => number = Date.now): Printer {
  if (json) return jsonPrinter(stdout);
  const beganAt = ({ at }: RunEvent): number => Date.parse(at);
  const inner = stderr.isTTY === true ? barPrinter(stdout, stderr, clock, beganAt) : withProgressLines(linePrinter(stdout, stderr), stderr, clock);
  return {
    event: (event) => {
      const text = stateText(event);
      if (text !== null) {
        inner.end();
        stderr.write(text);
      }
      inner.event(event);
    },
    end: () => inner.end(),
  };
}

/** What is said of the machine's states; null of anything else. */
function stateText(event: RunEvent): string | null {
  if (event.type === 'state.entered') return `state ${event.state}\n`;
  if (event.type === 'state.retried') return `state ${event.state} is tried again, for the ${ordinal(event.attempt)} time\n`;
  if (event.type === 'state.failed') return `state ${event.state} failed: ${event.error}\n`;
  if (event.type === 'run.notified') return `told: ${event.title}\n`;
  return null;
}

function ordinal(count: number): string {
  const end = count % 100 >= 11 && count % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${end}`;
}

function withProgressLines(printer: Printer, stderr: Host['stderr'], clock: () => number): Printer {
  const bars = new Map<string, StepBar & { readonly toldAt: number }>();
  return {
    event: (event) => {
      printer.event(event);
      if (event.type === 'step.started') bars.set(event.step, { startedAt: Date.parse(event.at), toldAt: 0, progress: NOTHING });
      if (event.type !== 'step.progress') return;
      const bar = bars.get(event.step) ?? { startedAt: clock(), toldAt: 0 };
      if (clock() - bar.toldAt < LINE_EVERY) return;
      bars.set(event.step, { ...bar, progress: event.progress, toldAt: clock() });
      stderr.write(`${stepBarText(event.step, { ...bar, progress: event.progress }, clock(), LINE_WIDTH).trim()}\n`);
    },
    end: () => printer.end(),
  };
}

const NOTHING = { recordsIn: 0, recordsOut: 0, bytes: 0, total: null } as const;
