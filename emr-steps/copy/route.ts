/** A way for the bytes of a task to go. */
import type { CopyMode } from '../books/outcomes.ts';
import type { PartTask, WholeTask } from '../records/copy-task.ts';
import type { CopyEnding } from './ending.ts';

/** A task that something has to be done for. */
export type OpenTask = WholeTask | PartTask;

/** Copies a whole object or a part. Throws what the requests throw; an ending that is no error comes back as one. */
export interface Route {
  readonly mode: CopyMode;
  copy(task: OpenTask, signal: AbortSignal): Promise<CopyEnding>;
}
