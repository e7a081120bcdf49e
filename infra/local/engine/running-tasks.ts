/** The tasks under way: each has its time, and is cut off with the Parallel or Map around it or with the execution. */
import type { PlacedState } from './definition.ts';
import { TaskError } from './task-error.ts';

/** What a task's binding gets beside its input. */
export interface TaskSurroundings {
  readonly state: string;
  /** Aborted when the task is cut off; what it began must then be stopped. */
  readonly signal: AbortSignal;
}

/** Most milliseconds that a timer can wait. */
const LONGEST_TIMER = 2 ** 31 - 1;

interface RunningTask {
  readonly within: readonly string[];
  readonly controller: AbortController;
  readonly end: Promise<unknown>;
}

/** All of them. */
export class RunningTasks {
  readonly #tasks = new Set<RunningTask>();
  #closed = false;

  /** Runs one until its end or its time-out. @throws TaskError `States.Timeout`, or what the work throws */
  async run({ name, state, within }: PlacedState, work: (task: TaskSurroundings) => Promise<unknown>): Promise<unknown> {
    const controller = new AbortController();
    if (this.#closed) controller.abort();
    const end = work({ state: name, signal: controller.signal });
    const task: RunningTask = { within, controller, end };
    this.#tasks.add(task);
    const timer = new AbortController();
    const settled = end.finally(() => this.#tasks.delete(task));
    try {
      return await Promise.race([settled, timedOut(name, Number(state.TimeoutSeconds), timer.signal)]);
    } finally {
      timer.abort();
      controller.abort();
    }
  }

  /** Cuts off what runs inside of a Parallel or Map. */
  cutOffWithin(state: string): void {
    for (const task of this.#tasks) if (task.within.includes(state)) task.controller.abort();
  }

  /** Cuts off everything, and what may still begin. @returns when nothing runs any more */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { controller } of this.#tasks) controller.abort();
    await Promise.allSettled([...this.#tasks].map(({ end }) => end));
  }
}

/** Never ends well. */
async function timedOut(state: string, seconds: number, signal: AbortSignal): Promise<never> {
  for (let left = seconds * 1000; left > 0; left -= LONGEST_TIMER) await wait(Math.min(left, LONGEST_TIMER), signal);
  throw new TaskError('States.Timeout', `state ${state} took longer than its ${seconds} seconds`);
}

/** Waits, without holding the process; for ever once it is aborted. */
function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}
