/** The events of a run on this machine as its folder keeps them, for whoever follows the run from another process. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EVENTS_FILE } from '../../../emr-steps/run-directory/layout.ts';
import type { EventSink, RunEvent } from '../../../workflows/events/run-event.ts';

/** A log that is written. */
export interface EventLog {
  readonly sink: EventSink;
  close(): void;
}

/**
 * Opens the log of a run. What happens before the run has begun is written once it has: of a run that is refused nothing is left. Progress is
 * left out, but for its first and whenever another total is known: it is in the task statistics. A log that cannot be written ends no run.
 */
export function eventLog(folder: string): EventLog {
  let file: number | null = null;
  let waiting: RunEvent[] = [];
  const totals = new Map<string, number | null>();
  const write = (events: readonly RunEvent[]): void => {
    try {
      file ??= openSync(join(folder, EVENTS_FILE), 'a');
      writeSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    } catch {}
  };
  const sink: EventSink = (event) => {
    if (!isKept(event, totals)) return;
    waiting.push(event);
    if (file === null && event.type !== 'run.started' && event.type !== 'run.resumed') return;
    write(waiting);
    waiting = [];
  };
  return { sink, close: () => file !== null && closeSync(file) };
}

function isKept(event: RunEvent, totals: Map<string, number | null>): boolean {
  if (event.type !== 'step.progress') return true;
  const { step, progress } = event;
  if (totals.has(step) && totals.get(step) === progress.total) return false;
  totals.set(step, progress.total);
  return true;
}
