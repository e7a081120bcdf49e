/** Types that must hold; the compiler is the test (`make check`). */
import type { RunEvent } from '../../workflows/events/run-event.ts';
import type { ClusterStep } from '../../workflows/plan/cluster-step.ts';
import type { RunPlan } from '../../workflows/plan/run-plan.ts';
import type { StepId } from '../../workflows/plan/run-progress.ts';
import type { RunRequest, RunRequestInput } from '../../workflows/request/run-request.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<_Claim extends true>(): void {}

/** The plan has exactly the steps that progress counts tries of. */
holds<Equal<keyof RunPlan['steps'], StepId>>();

/** Steps that a request may leave out are null, never absent: a state machine's paths must exist. */
holds<Equal<null extends RunPlan['steps']['diff'] ? true : false, true>>();
holds<Equal<null extends RunPlan['steps']['copyObjects'] ? true : false, false>>();
holds<Equal<undefined extends RunPlan['steps']['diff'] ? true : false, false>>();

/** Whatever is planned can be run by any cluster. */
holds<NonNullable<RunPlan['steps'][StepId]> extends ClusterStep ? true : false>();

/** The smallest request is one; a filled-in request is one too, so that what was written can be read again. */
const smallest: RunRequestInput = { source: { bucket: 'a' }, destination: { bucket: 'b' } };
holds<RunRequest extends RunRequestInput ? true : false>();
holds<Equal<undefined extends RunRequest['rounds'] ? true : false, false>>();

/** Every event says when it happened. */
holds<RunEvent extends { readonly at: string } ? true : false>();

export type Smallest = typeof smallest;
