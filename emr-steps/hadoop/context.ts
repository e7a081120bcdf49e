/** The context of a program in one task attempt, from its environment and its options. */
import { type Environment, taskAttemptFrom } from './environment.ts';
import { statisticsCollector, type TaskStatisticsCollector } from './statistics.ts';
import type { StepContext } from './step-context.ts';
import { type LineSink, taskReporter } from './task-reporter.ts';

/** What a context is made of. */
export interface StepContextOptions {
  /** Such as `copy-objects`. */
  readonly program: string;
  readonly env: Environment;
  readonly stderr: LineSink;
  readonly signal: AbortSignal;
  /** 1 first; default 1. */
  readonly round?: number;
  /** The try of the step, 1 first; default 1. */
  readonly try?: number;
  /** Default false. */
  readonly dryRun?: boolean;
  /** Id of the attempt outside Hadoop. */
  readonly madeUpAttempt?: string;
  /** Default: the system's clock. */
  readonly now?: () => Date;
}

/** A context whose statistics can be read. */
export interface ProgramContext extends StepContext {
  readonly statistics: TaskStatisticsCollector;
}

/** The context; work may have been done before where this is not the first attempt of the first try of the first round. */
export function stepContext(options: StepContextOptions): ProgramContext {
  const taskAttempt = taskAttemptFrom(options.env, options.madeUpAttempt);
  const now = options.now ?? ((): Date => new Date());
  const round = options.round ?? 1;
  return {
    signal: options.signal,
    taskAttempt,
    round,
    lookBeforeWriting: taskAttempt.number > 0 || (options.try ?? 1) > 1 || round > 1,
    reporter: taskReporter(options.stderr),
    statistics: statisticsCollector({ program: options.program, taskAttempt: taskAttempt.id, now }),
    now,
    dryRun: options.dryRun ?? false,
  };
}
