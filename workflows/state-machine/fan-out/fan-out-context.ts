/** What flows through the fan-out's machine, and references into it. */
import type { FanOutChild, FanOutResult, FanOutState, SummarizeFanOutOutput } from '../../plan/fan-out-state.ts';
import type { CaughtError } from '../../plan/run-state.ts';
import { pathsIn } from '../state-path.ts';

/** The document; which member is there at which state follows from the order of the states. */
interface FanOutDocument extends Omit<FanOutState, 'children'> {
  /** The execution's input as it came; gone after `prepare-fan-out`. */
  readonly request: unknown;
  /** The children; once they have ended, how. Both at once might be more than a state may hold. */
  readonly children: readonly FanOutChild[] & readonly FanOutResult[];
  readonly failure: CaughtError;
  readonly refusal: { readonly errorMessage: string };
  readonly summary: SummarizeFanOutOutput;
}

/** One child within the Map. */
interface ChildDocument {
  readonly child: FanOutChild;
  readonly tries: number;
  /** Tries that began. */
  readonly started: number;
  /** Name of the execution of the present try. */
  readonly execution: string;
  readonly ended: { readonly runId: string };
  readonly failure: CaughtError;
}

/** References into the document. */
export const inFanOut = pathsIn<FanOutDocument>();

/** References into what an iteration of the Map holds. */
export const inChild = pathsIn<ChildDocument>();
