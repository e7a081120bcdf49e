/** Everything that is ever shown. Printers, the report and the tests read it; nothing else prints. */
import type { Books } from '../../emr-steps/books/books.ts';
import type { DifferenceKind } from '../../emr-steps/records/difference.ts';
import type { RunFinding } from './run-finding.ts';
import type { RunStatus } from './run-output.ts';

interface EventBase {
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** What one step did so far, added up over its task attempts. */
export interface StepProgress {
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly bytes: number;
  /** Records that the step will get; null where nobody knows yet. */
  readonly total: number | null;
}

/** One thing that happened, told apart by `type`. */
export type RunEvent = EventBase &
  (
    | { readonly type: 'run.resumed'; readonly runId: string; readonly runDirectory: string; readonly round: number }
    | { readonly type: 'run.started'; readonly runId: string; readonly runDirectory: string }
    /** Before anything is started. */
    | { readonly type: 'run.found'; readonly runId: string; readonly finding: RunFinding }
    | { readonly type: 'step.started'; readonly step: string; readonly args: readonly string[] }
    | { readonly type: 'step.ignored-argument'; readonly step: string; readonly argument: string; readonly reason: string }
    | { readonly type: 'step.progress'; readonly step: string; readonly progress: StepProgress }
    | { readonly type: 'step.attempt-failed'; readonly step: string; readonly taskAttempt: string; readonly cause: string; readonly log: string }
    | { readonly type: 'step.finished'; readonly step: string; readonly progress: StepProgress; readonly seconds: number }
    | { readonly type: 'step.failed'; readonly step: string; readonly cause: string; readonly log: string }
    | { readonly type: 'diff.counted'; readonly missing: number; readonly different: number; readonly unchanged: number; readonly extra: number }
    | {
        readonly type: 'verify.counted';
        readonly equal: number;
        /** Objects by kind; extras too, whether asked for or not. */
        readonly differences: Readonly<Partial<Record<DifferenceKind, number>>>;
      }
    | {
        readonly type: 'sweep.finished';
        /** Open uploads that were aborted. */
        readonly aborted: number;
        /** Those that could not be, and are still open. */
        readonly failed: number;
        /** Open uploads of others, which nobody touched. */
        readonly left: number;
      }
    | { readonly type: 'round.decided'; readonly round: number; readonly again: boolean; readonly unsettled: number; readonly why: string }
    | { readonly type: 'state.entered'; readonly state: string; readonly kind: string }
    | { readonly type: 'state.exited'; readonly state: string; readonly kind: string }
    | { readonly type: 'state.failed'; readonly state: string; readonly error: string; readonly cause: string }
    | { readonly type: 'state.retried'; readonly state: string; readonly attempt: number }
    | { readonly type: 'run.notified'; readonly title: string; readonly text: string }
    | { readonly type: 'run.would-copy'; readonly objects: number; readonly bytes: number }
    | {
        readonly type: 'run.finished';
        readonly runId: string;
        readonly status: RunStatus;
        /** Why it failed; null otherwise. */
        readonly cause: string | null;
        readonly books: Books | null;
        readonly seconds: number;
        readonly requests: Readonly<Record<string, number>>;
      }
  );

/** An event without its time, which whoever tells it adds. */
export type RunEventBody = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never;

/** Who is told. */
export type EventSink = (event: RunEvent) => void;
