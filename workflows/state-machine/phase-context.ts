/** What every phase is built with. */
import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { CopyRunState } from './machine-state.ts';
import { pathsIn } from './state-path.ts';

/** Where the states of a phase belong, and where they go when one of them fails. */
export interface PhaseContext {
  readonly scope: Construct;
  /** The one failure path; within a branch of a Parallel its own end, from where the Parallel's Catch leads there. */
  readonly onFailure: IChainable;
}

/** Member of the state that takes a caught error. */
export const FAILURE_PATH = '$.failure';

/** References into the state of a run. */
export const at = pathsIn<CopyRunState>();
