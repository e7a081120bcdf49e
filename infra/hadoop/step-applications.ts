/** The YARN applications of a step, and their end when the step is cut off. */
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
  readonly forceEnd: (application: string) => Promise<void>;
}

const TAGS = 'mapreduce.job.tags=';

/** The tag that a streaming job is given: the run. */
export function tagOf(args: readonly string[]): string | null {
  return args.find((arg, at) => args[at - 1] === '-D' && arg.startsWith(TAGS))?.slice(TAGS.length) ?? null;
}

/** Ends all of them: those that are known, and those that only YARN knows yet. */
export async function endApplications({ resourceManager, forceEnd }: ApplicationEnder, { known, tag, name }: StepApplications): Promise<void> {
  const tagged = tag === null ? [] : await resourceManager.tagged(tag);
  const ids = new Set([...known, ...tagged.filter((one) => name === null || one.name === name).map(({ id }) => id)]);
  await Promise.all([...ids].map(async (id) => ((await resourceManager.kill(id)) ? undefined : await forceEnd(id))));
}
