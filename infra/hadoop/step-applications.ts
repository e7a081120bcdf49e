/** The YARN applications of a step, and their end when the step is cut off. */
import type { StepOutcome } from '../../workflows/plan/cluster-step.ts';
import type { ResourceManager } from './resource-manager.ts';

/** How they are known. */
export interface StepApplications {
  /** Ids that the client named. */
  readonly known: readonly string[];
  /** The tag that they carry; null: they carry none. */
  readonly tag: string | null;
  /** The name of the application; null: any that has the tag. */
  readonly name: string | null;
}

/** Who ends them. */
export interface ApplicationEnder {
  readonly resourceManager: ResourceManager;
  /** Ends one that the web service did not. @returns whether it did */
  readonly forceEnd: (application: string) => Promise<boolean>;
}

const TAGS = 'mapreduce.job.tags=';

/** The tag that a streaming job is given: the run. */
export function tagOf(args: readonly string[]): string | null {
  return args.find((arg, at) => args[at - 1] === '-D' && arg.startsWith(TAGS))?.slice(TAGS.length) ?? null;
}

/** Ends all of them: those that are known, and those that only YARN knows yet. @returns the outcome of their step: one that goes on is told */
export async function endApplications({ resourceManager, forceEnd }: ApplicationEnder, { known, tag, name }: StepApplications): Promise<StepOutcome> {
  const tagged = tag === null ? [] : await resourceManager.tagged(tag);
  const ids = new Set([...known, ...tagged.filter((one) => name === null || one.name === name).map(({ id }) => id)]);
  const left = await Promise.all([...ids].map(async (id) => ((await resourceManager.kill(id)) || (await forceEnd(id)) ? [] : [id])));
  const goesOn = left.flat().toSorted();
  if (goesOn.length === 0) return { status: 'cancelled' };
  return { status: 'failed', cause: `cut off, but nobody could end ${goesOn.join(', ')} on YARN; end it by: yarn application -kill ${goesOn[0]}`, log: '' };
}
