/** The bar of one step: how far, how fast, how long still. */
import type { StepProgress } from '../../workflows/events/run-event.ts';
import { bytesText, countText, perSecondText, secondsText } from './quantity.ts';

/** A step under way. */
export interface StepBar {
  /** Milliseconds of the printer's clock. */
  readonly startedAt: number;
  readonly progress: StepProgress;
}

/** Characters of the bar itself. */
const BAR_WIDTH = 20;
/** Seconds before a rate says anything. */
const LEAST_SECONDS = 1;

/** One step in at most `width` characters. */
export function stepBarText(step: string, { startedAt, progress }: StepBar, now: number, width: number): string {
  const seconds = (now - startedAt) / 1000;
  const { recordsIn, recordsOut, bytes, total } = progress;
  const done = total === null ? Math.max(recordsIn, recordsOut) : recordsIn;
  const rate =
    done > 0 && seconds >= LEAST_SECONDS
      ? [`${perSecondText(done, seconds, countText)}`, ...(bytes > 0 ? [perSecondText(bytes, seconds, bytesText)] : [])]
      : [];
  const parts = [
    step,
    ...(total === null ? [countText(done)] : [bar(done, total), `${countText(done)}/${countText(total)}`]),
    ...rate,
    ...remaining(done, total, seconds),
  ];
  return ` ${parts.join('  ')} `.slice(0, width);
}

function bar(done: number, total: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * BAR_WIDTH);
  return `[${'#'.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}] ${Math.floor(share * 100)}%`;
}

function remaining(done: number, total: number | null, seconds: number): readonly string[] {
  if (total === null || done === 0 || seconds < LEAST_SECONDS || done >= total) return [];
  return [`${secondsText(((total - done) * seconds) / done)} left`];
}
