/** Progress of a task: status lines that keep the attempt alive, and bytes for the statistics. */
import type { StepContext } from './step-context.ts';

/** Group of all counters of the project. */
export const COUNTER_GROUP = 'carillon';

/** Adds up what a task did and says so every few seconds. */
export interface Progress {
  /** `objects` and `bytes` more were done. */
  add(objects: number, bytes: number): void;
  /** Says it a last time and stops. */
  stop(): void;
}

/** Decimal, as disks and networks are sold: `1.5 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/**
 * Starts to report: a status with totals and rates every `milliseconds` (default 5,000) in which something was done, and at the stop.
 * Silence is left to the statistics report, which tells an attempt that waits from one that hangs.
 */
export function reportProgress(context: StepContext, verb: string, noun: string, milliseconds = 5_000): Progress {
  const startedAt = performance.now();
  let objects = 0;
  let bytes = 0;
  let said = 0;
  const say = (): void => {
    if (said === objects) return;
    said = objects;
    const seconds = Math.max((performance.now() - startedAt) / 1000, 0.001);
    const moved = bytes === 0 ? '' : `, ${formatBytes(bytes)}`;
    const rate = bytes === 0 ? '' : `, ${formatBytes(bytes / seconds)}/s`;
    context.reporter.status(`${verb} ${objects} ${noun}${moved} (${Math.round(objects / seconds)} ${noun}/s${rate})`);
  };
  const timer = setInterval(say, milliseconds);
  timer.unref();
  return {
    add(moreObjects, moreBytes) {
      objects += moreObjects;
      bytes += moreBytes;
      if (moreBytes > 0) context.statistics.bytes(moreBytes);
    },
    stop() {
      clearInterval(timer);
      say();
    },
  };
}
