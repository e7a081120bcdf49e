/**
 * What a running program says of itself every few seconds: its statistics to a writer, their totals as counters, and a status line
 * while nothing moves but a request may still be under way. All three keep the attempt alive.
 */
import type { TaskStatistics } from '../books/task-statistics.ts';
import { COUNTER_GROUP } from './progress.ts';
import type { TaskStatisticsCollector } from './statistics.ts';
import type { TaskReporter } from './step-context.ts';

/** Puts the statistics of one attempt where they can be read; called again and again, each time with all of them. */
export type StatisticsWriter = (statistics: TaskStatistics) => Promise<void>;

/** Counters of {@link COUNTER_GROUP} that every program writes; the local cluster shows them as a step's progress. */
const TOTALS = { recordsIn: 'records in', recordsOut: 'records out', bytes: 'bytes' } as const;

/** How a report is made. */
export interface ReportOptions {
  readonly statistics: TaskStatisticsCollector;
  readonly reporter: TaskReporter;
  /** Null: the statistics are written nowhere. */
  readonly write: StatisticsWriter | null;
  /** Told once when a write fails; the work goes on without statistics. */
  readonly onWriteError: (error: unknown) => void;
  /** Default 2,000. */
  readonly everyMilliseconds?: number;
  /** Silence between status lines while nothing moves. Default 20,000, below any time-out that a step would be given. */
  readonly statusMilliseconds?: number;
  /** Without any movement for this long the report falls silent too, so that Hadoop ends an attempt that hangs. Default 30 minutes. */
  readonly patienceMilliseconds?: number;
  /** Milliseconds that never go back. Default `performance.now`. */
  readonly clock?: () => number;
}

/** A report under way. */
export interface RunningReport {
  /** Says everything a last time. @param finished - whether the program did all its work */
  stop(finished: boolean): Promise<void>;
}

/** Starts to report; the timer does not keep a process alive. */
export function reportStatistics(options: ReportOptions): RunningReport {
  const report = new Report(options);
  const timer = setInterval(() => report.tick(), options.everyMilliseconds ?? 2_000);
  timer.unref();
  return {
    stop(finished) {
      clearInterval(timer);
      return report.end(finished);
    },
  };
}

class Report {
  readonly #options: ReportOptions;
  readonly #clock: () => number;
  #said = { recordsIn: 0, recordsOut: 0, bytes: 0 };
  #moves = 0;
  #movedAt: number;
  #saidAt: number;
  #writing: Promise<void> | null = null;
  #writeFailed = false;

  constructor(options: ReportOptions) {
    this.#options = options;
    this.#clock = options.clock ?? (() => performance.now());
    this.#movedAt = this.#clock();
    this.#saidAt = this.#movedAt;
  }

  tick(): void {
    const now = this.#clock();
    if (this.#options.statistics.moves !== this.#moves) {
      this.#moves = this.#options.statistics.moves;
      this.#movedAt = now;
      this.#sayCounters(now);
      if (this.#writing === null)
        this.#writing = this.#write(false).finally(() => {
          this.#writing = null;
        });
    }
    const patience = this.#options.patienceMilliseconds ?? 30 * 60_000;
    if (now - this.#saidAt >= (this.#options.statusMilliseconds ?? 20_000) && now - this.#movedAt < patience) this.#sayStatus(now);
  }

  async end(finished: boolean): Promise<void> {
    this.#sayCounters(this.#clock());
    await this.#writing;
    await this.#write(finished);
  }

  #sayCounters(now: number): void {
    const totals = this.#options.statistics.snapshot(false);
    for (const [field, name] of Object.entries(TOTALS) as [keyof typeof TOTALS, string][]) {
      const amount = totals[field] - this.#said[field];
      if (amount === 0) continue;
      this.#options.reporter.counter(COUNTER_GROUP, name, amount);
      this.#said[field] = totals[field];
      this.#saidAt = now;
    }
  }

  #sayStatus(now: number): void {
    const seconds = Math.round((now - this.#movedAt) / 1000);
    this.#options.reporter.status(`${this.#said.recordsIn} records in, ${this.#said.recordsOut} out; waiting for ${seconds} s`);
    this.#saidAt = now;
  }

  async #write(finished: boolean): Promise<void> {
    if (this.#options.write === null) return;
    try {
      await this.#options.write(this.#options.statistics.snapshot(finished));
    } catch (error) {
      if (!this.#writeFailed) this.#options.onWriteError(error);
      this.#writeFailed = true;
    }
  }
}
