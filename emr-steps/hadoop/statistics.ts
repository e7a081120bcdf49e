/** Counts of one task attempt, collected in memory; see {@link TaskStatistics}. */
import type { TaskStatistics } from '../books/task-statistics.ts';
import type { StatisticsCollector } from './step-context.ts';

/** A collector that can say what it has. */
export interface TaskStatisticsCollector extends StatisticsCollector {
  /** The counts so far. */
  snapshot(finished: boolean): TaskStatistics;
  /** Grows with everything collected: two equal values mean that nothing moved in between. */
  readonly moves: number;
}

/** Whose counts these are. */
export interface StatisticsOptions {
  /** Such as `copy-objects`. */
  readonly program: string;
  /** {@link TaskAttempt.id}. */
  readonly taskAttempt: string;
  readonly now: () => Date;
}

/** An empty collector. */
export function statisticsCollector(options: StatisticsOptions): TaskStatisticsCollector {
  return new Collector(options);
}

class Collector implements TaskStatisticsCollector {
  readonly #options: StatisticsOptions;
  readonly #startedAt: string;
  readonly #requests: Record<string, number> = {};
  readonly #errors: Record<string, number> = {};
  readonly #counts: Record<string, number> = {};
  #recordsIn = 0;
  #recordsOut = 0;
  #bytes = 0;
  #moves = 0;

  constructor(options: StatisticsOptions) {
    this.#options = options;
    this.#startedAt = options.now().toISOString();
  }

  get moves(): number {
    return this.#moves;
  }

  request(operation: string): void {
    this.#add(this.#requests, operation, 1);
  }

  error(code: string): void {
    this.#add(this.#errors, code, 1);
  }

  count(name: string, amount = 1): void {
    this.#add(this.#counts, name, amount);
  }

  bytes(amount: number): void {
    this.#bytes += amount;
    this.#moves += 1;
  }

  recordsIn(amount: number): void {
    this.#recordsIn += amount;
    this.#moves += 1;
  }

  recordsOut(amount: number): void {
    this.#recordsOut += amount;
    this.#moves += 1;
  }

  snapshot(finished: boolean): TaskStatistics {
    return {
      version: 1,
      program: this.#options.program,
      taskAttempt: this.#options.taskAttempt,
      startedAt: this.#startedAt,
      updatedAt: this.#options.now().toISOString(),
      finished,
      recordsIn: this.#recordsIn,
      recordsOut: this.#recordsOut,
      bytes: this.#bytes,
      requests: { ...this.#requests },
      errors: { ...this.#errors },
      counts: { ...this.#counts },
    };
  }

  #add(table: Record<string, number>, name: string, amount: number): void {
    table[name] = (Object.hasOwn(table, name) ? (table[name] as number) : 0) + amount;
    this.#moves += 1;
  }
}
