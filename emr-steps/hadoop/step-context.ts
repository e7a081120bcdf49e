/** What a step's program gets beside its records: no process, no console, no client of its own making. */

/** The task attempt as Hadoop names it; outside Hadoop a made-up first attempt. */
export interface TaskAttempt {
  /** `mapreduce_task_attempt_id`, such as `attempt_1795216206768_0001_m_000002_0`. */
  readonly id: string;
  /** Last field of the id: 0 for the first attempt. */
  readonly number: number;
  /** `mapreduce_task_partition`: number of the task among its kind. */
  readonly partition: number;
}

/** Counters and status, as Hadoop takes them from standard error. Both keep the attempt alive. */
export interface TaskReporter {
  /** Adds to a counter; commas in the names become semicolons because Hadoop has no escape for them. */
  counter(group: string, name: string, amount: number): void;
  /** Shows one line as the attempt's status. */
  status(text: string): void;
}

/** Counts of this attempt, for progress and reports; written as `TaskStatistics`. */
export interface StatisticsCollector {
  request(operation: string): void;
  error(code: string): void;
  bytes(amount: number): void;
  /** Adds to a count with a name of the room's own, such as `streamed-after-refusal`. */
  count(name: string, amount?: number): void;
  recordsIn(amount: number): void;
  recordsOut(amount: number): void;
}

/** The context of one program in one task attempt. */
export interface StepContext {
  /** Aborted when the process is told to end. */
  readonly signal: AbortSignal;
  readonly taskAttempt: TaskAttempt;
  /** 1 first. */
  readonly round: number;
  /** This is not the first attempt, try or round: somebody may have done the work already, so look before writing. */
  readonly lookBeforeWriting: boolean;
  readonly reporter: TaskReporter;
  readonly statistics: StatisticsCollector;
  /** The clock. */
  readonly now: () => Date;
  /** Write nothing to S3; say what would be written. */
  readonly dryRun: boolean;
}

/** A step's program: batches of records in, batches out. One object a wake-up would be too slow. */
export type StepProgram<In, Out> = (input: AsyncIterable<readonly In[]>, context: StepContext) => AsyncIterable<readonly Out[]>;
