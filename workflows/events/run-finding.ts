/** What was found out before a run that people should know: it goes on all the same, but not as they may think. */

/** What it is about. */
export type FindingSubject = 'source' | 'destination' | 'run' | 'cluster';

/** One finding. */
export interface RunFinding {
  /** Stable, such as `uploads-aborted-by-lifecycle`. */
  readonly code: string;
  /** `warning`: somebody should decide whether this is wanted. `notice`: good to know. */
  readonly level: 'notice' | 'warning';
  readonly about: FindingSubject;
  /** What is so, what follows, and what can be done; a sentence or two. */
  readonly message: string;
}
