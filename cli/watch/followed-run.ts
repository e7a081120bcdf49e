/** A run that another process or AWS executes, as it is followed. */
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import type { RunEvent } from '../../workflows/events/run-event.ts';

/** How a run that was followed ended. */
export interface FollowedEnd {
  readonly isWell: boolean;
  /** What the events do not say of it; null: they say it all. */
  readonly sentence: string | null;
}

/** What is new of a run. */
export interface News {
  /** In order. The first time: since the run began, or was resumed for the last time. */
  readonly events: readonly RunEvent[];
  /** Null while it goes on. */
  readonly end: FollowedEnd | null;
}

/** The run. */
export interface FollowedRun {
  /** Milliseconds between two looks. */
  readonly everyMilliseconds: number;
  /** Looks. */
  news(): Promise<News>;
  /** Gives back what was opened. */
  close(): Promise<void>;
}

/** Opens a run's directory, wherever it lies. */
export type DirectoryAt = (base: string) => RunDirectory;
