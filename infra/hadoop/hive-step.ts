/** A `hive-script` step: Hive's own command runs the deployed script, as EMR's command-runner has it run. */
import type { ClusterStep, StepOutcome } from '../../workflows/plan/cluster-step.ts';
import { runClient } from './client-process.ts';
import { clientCause } from './failure-cause.ts';
import { type ApplicationEnder, endApplications } from './step-applications.ts';

/** What the step needs of its cluster. */
export interface HiveSurroundings extends ApplicationEnder {
  /** Path of `hive`; null: there is none. */
  readonly hive: string | null;
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What `hive-script` keeps for itself; the rest are the words of `hive`. */
const OWN_WORDS: readonly string[] = ['--run-hive-script', '--args'];

/** Runs it. */
export async function runHiveStep(step: ClusterStep, around: HiveSurroundings, signal: AbortSignal): Promise<StepOutcome> {
  const { hive, directory, env } = around;
  if (hive === null)
    return { status: 'failed', cause: 'there is no hive; set HIVE_HOME, or put its bin folder on the PATH, or ask for another diff.engine', log: '' };
  const words = hiveWords(step.args);
  const tag = tagOfScript(words);
  // Applications that Hive starts carry the tag, so that they can be ended when the step is cut off.
  const tags = tag === null ? [] : ['--hiveconf', `mapreduce.job.tags=${tag}`, '--hiveconf', `tez.application.tags=${tag}`];
  const { code, log } = await runClient({ command: [hive, ...words, ...tags], directory, env, signal });
  if (signal.aborted) return await endApplications(around, { known: [], tag, name: null });
  return code === 0 ? { status: 'completed' } : { status: 'failed', cause: clientCause(log, code), log };
}

/** The words after `hive-script --run-hive-script --args`. */
function hiveWords(args: readonly string[]): readonly string[] {
  const begin = args.slice(1).findIndex((word) => !OWN_WORDS.includes(word));
  return begin < 0 ? [] : args.slice(1 + begin);
}

/** The variable that makes tables of a run and try unlike all others. */
function tagOfScript(words: readonly string[]): string | null {
  return words.find((word, at) => words[at - 1] === '-d' && word.startsWith('RUN='))?.slice('RUN='.length) ?? null;
}
