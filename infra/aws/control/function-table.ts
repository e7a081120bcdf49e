/** The functions of a workflow: size, time, and what they are called by. */
import type { HandlerName } from '../../../workflows/state-machine/handlers.ts';

/** A function: a handler of a state machine, or one that events call. */
export type FunctionName = HandlerName | 'start-run' | 'follow-run' | 'conclude-run';

/** What differs between functions. */
export interface FunctionSize {
  /** For people, in the console's list of functions. */
  readonly description: string;
  /** MiB; CPU grows with it. */
  readonly memory: number;
  readonly minutes: number;
  /** Called by events: Lambda itself tries twice more, and what is given up goes to the queue of undelivered events. */
  readonly byEvents: boolean;
}

const QUICK = { memory: 512, minutes: 2, byEvents: false } as const;
/** Those that read many files, or sample a bucket: as long as Lambda allows. */
const LONG = { memory: 1024, minutes: 15, byEvents: false } as const;

/** The functions by name. */
export const FUNCTIONS: Readonly<Record<FunctionName, FunctionSize>> = {
  'prepare-run': { ...LONG, minutes: 5, description: 'Checks a request, locks the pair of buckets, probes every right, plans every step' },
  'split-partitions': { ...LONG, description: 'Splits the key space into ranges that are listed side by side' },
  'assess-diff': { ...LONG, description: 'Holds the rows of a diff against its counts' },
  'decide-retry': { ...QUICK, description: 'Decides on another try of a step, or another round' },
  'summarize-run': { ...LONG, description: 'Draws up the books of a run' },
  notify: { ...QUICK, description: 'Tells people and the event bus how a run ended' },
  'stop-cluster': { ...LONG, byEvents: true, description: 'Stops whatever of a run still goes on, wherever its execution ended' },
  'release-lock': { ...QUICK, description: 'Gives the lock of a pair of buckets back' },
  'prepare-fan-out': { ...LONG, minutes: 5, description: 'Makes the children of a fan-out' },
  'summarize-fan-out': { ...LONG, description: 'Adds up the books of the children of a fan-out' },
  'start-run': { ...QUICK, byEvents: true, description: 'Starts a run for a schedule or an event, once however often it is delivered' },
  'conclude-run': { ...LONG, byEvents: true, description: 'Draws up books and tells people where the machine could not' },
  'follow-run': { ...QUICK, byEvents: true, description: 'Moves the watermark of a verified run and starts what runs next' },
};
