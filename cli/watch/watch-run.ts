/** Looks at a run again and again until it has ended, and tells what is new. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import type { EventSink } from '../../workflows/events/run-event.ts';
import type { DirectoryAt, FollowedEnd, FollowedRun } from './followed-run.ts';
import { WatchedSteps } from './step-progress.ts';

/** Who watches what. */
export interface Watch {
  readonly run: FollowedRun;
  readonly directoryAt: DirectoryAt;
  readonly emit: EventSink;
  /** Told once why no progress can be shown; what else there is goes on. */
  readonly onBlind: (error: unknown) => void;
  /** Ends the watch, not the run. */
  readonly signal: AbortSignal;
}

/** Watches. @returns how the run ended; null where the watch ended first */
export async function watchRun({ run, directoryAt, emit, onBlind, signal }: Watch): Promise<FollowedEnd | null> {
  const steps = new WatchedSteps();
  let directory: RunDirectory | null = null;
  let isBlind = false;
  try {
    while (!signal.aborted) {
      const { events, end } = await run.news();
      for (const event of events) {
        if (event.type === 'run.started' || event.type === 'run.resumed') directory = directoryAt(event.runDirectory);
        steps.see(event);
        emit(event);
      }
      if (end !== null) return end;
      if (directory !== null && !isBlind)
        await tellProgress(steps, directory, emit).catch((error: unknown) => {
          isBlind = true;
          onBlind(error);
        });
      await sleep(run.everyMilliseconds, null, { signal }).catch(() => null);
    }
    return null;
  } finally {
    await run.close();
  }
}

async function tellProgress(steps: WatchedSteps, directory: RunDirectory, emit: EventSink): Promise<void> {
  const at = new Date().toISOString();
  for (const { step, progress } of await steps.progress(directory)) emit({ type: 'step.progress', at, step, progress });
}
