/** For people at a terminal: what lasts is printed as lines, and below it one line is redrawn with the progress of the steps under way. */
import type { RunEvent } from '../../workflows/events/run-event.ts';
import type { Output } from '../host.ts';
import { type StepBar, stepBarText } from './bar-text.ts';
import { linePrinter } from './line-printer.ts';
import type { Printer } from './printer.ts';

/** Milliseconds between two drawings. */
const REDRAW_MILLISECONDS = 100;
/** Carriage return, and clear to the end of the line. */
const CLEAR = '\r\u001b[K';
const DEFAULT_COLUMNS = 80;

/**
 * The printer of a terminal.
 *
 * @param clock - milliseconds that never go back
 * @param beganAt - when a step began, by that clock; default: when it is told
 */
export function barPrinter(
  stdout: Output,
  stderr: Output,
  clock: () => number = () => performance.now(),
  beganAt: (event: RunEvent) => number = clock,
): Printer {
  const lines = linePrinter(stdout, stderr);
  const bars = new Map<string, StepBar>();
  let drawnAt = Number.NEGATIVE_INFINITY;
  let isDrawn = false;
  const clear = () => {
    if (isDrawn) stderr.write(CLEAR);
    isDrawn = false;
  };
  const draw = () => {
    if (bars.size === 0 || clock() - drawnAt < REDRAW_MILLISECONDS) return;
    const width = (stderr.columns ?? DEFAULT_COLUMNS) - 1;
    const text = [...bars].map(([step, bar]) => stepBarText(step, bar, clock(), Math.floor(width / bars.size))).join('');
    stderr.write(`${CLEAR}${text.slice(0, width)}`);
    drawnAt = clock();
    isDrawn = true;
  };
  return {
    event: (event) => {
      follow(bars, event, beganAt);
      if (event.type !== 'step.progress' && event.type !== 'step.ignored-argument') clear();
      lines.event(event);
      draw();
    },
    end: clear,
  };
}

function follow(bars: Map<string, StepBar>, event: RunEvent, beganAt: (event: RunEvent) => number): void {
  if (event.type === 'step.started') bars.set(event.step, { startedAt: beganAt(event), progress: { recordsIn: 0, recordsOut: 0, bytes: 0, total: null } });
  if (event.type === 'step.finished' || event.type === 'step.failed') bars.delete(event.step);
  const bar = event.type === 'step.progress' ? bars.get(event.step) : undefined;
  if (bar !== undefined && event.type === 'step.progress') bars.set(event.step, { ...bar, progress: event.progress });
}
