/** Progress of a task: status lines that keep the attempt alive, counters, and bytes for the statistics. */
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
 * Starts to report. Status and counters `<verb> <noun>` and `<verb> bytes` every `milliseconds` (default 5,000) and at the stop.
 * The status goes out though nothing moved: Hadoop kills a task that is silent, and one large part may take minutes.
 */
export function reportProgress(context: StepContext, verb: string, noun: string, milliseconds = 5_000): Progress {
  const startedAt = performance.now();
  const all = { objects: 0, bytes: 0 };
  const counted = { objects: 0, bytes: 0 };
  const say = (): void => {
    const seconds = Math.max((performance.now() - startedAt) / 1000, 0.001);
    const rates = `${Math.round(all.objects / seconds)} ${noun}/s, ${formatBytes(all.bytes / seconds)}/s`;
    context.reporter.status(`${verb} ${all.objects} ${noun}, ${formatBytes(all.bytes)} (${rates})`);
    if (all.objects > counted.objects) context.reporter.counter(COUNTER_GROUP, `${verb} ${noun}`, all.objects - counted.objects);
    if (all.bytes > counted.bytes) context.reporter.counter(COUNTER_GROUP, `${verb} bytes`, all.bytes - counted.bytes);
    Object.assign(counted, all);
  };
  const timer = setInterval(say, milliseconds);
  timer.unref();
  return {
    add(objects, bytes) {
      all.objects += objects;
      all.bytes += bytes;
      if (bytes > 0) context.statistics.bytes(bytes);
    },
    stop() {
      clearInterval(timer);
      say();
    },
  };
}
