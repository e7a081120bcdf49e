/** A cluster for tests of whole runs: each step writes what the test says, and every name that was run is kept. */
import { fileRunDirectory } from '../../emr-steps/run-directory/file-run-directory.ts';
import type { Cluster, ClusterStep, StepOutcome } from '../../workflows/plan/cluster-step.ts';

/** What a step writes: rows by file below its output; or how it ends. */
export type ScriptedStep = { readonly files: Readonly<Record<string, string>> } | { readonly ends: StepOutcome } | { readonly hangs: true };

/** Steps by their key without try, such as `copy-objects.r1`; a list is one entry a try. */
export type Script = Readonly<Record<string, ScriptedStep | readonly ScriptedStep[]>>;

/** A step that writes one part file and its mark. */
export function writes(rows: string): ScriptedStep {
  return { files: { 'part-00000': rows, _SUCCESS: '' } };
}

/** A diff's output: rows and the line of counts, without a mark. */
export function diffs(toCopy: string, counts: string): ScriptedStep {
  return { files: { 'to-copy/part-00000': toCopy, 'extra/part-00000': '', 'counts/part-00000': `${counts}\n` } };
}

/** A step that fails. */
export function fails(cause: string): ScriptedStep {
  return { ends: { status: 'failed', cause, log: `${cause}\n` } };
}

/** The cluster. */
export function scriptedCluster(script: Script): Cluster & { readonly ran: string[] } {
  const ran: string[] = [];
  return {
    ran,
    async run(step, signal) {
      ran.push(step.name);
      const scripted = scriptOf(script, step.name);
      if ('ends' in scripted) return scripted.ends;
      if ('hangs' in scripted) return cancelledOn(signal);
      const output = fileRunDirectory(outputOf(step));
      for (const [path, text] of Object.entries(scripted.files)) await output.write(path, text);
      return { status: 'completed' };
    },
    close: async () => {},
  };
}

function scriptOf(script: Script, name: string): ScriptedStep {
  const [, key = '', number] = /^(.*)\.t(\d+)$/.exec(name) ?? [];
  const entry = script[key];
  const scripted = Array.isArray(entry) ? (entry as readonly ScriptedStep[])[Number(number) - 1] : (entry as ScriptedStep | undefined);
  if (scripted === undefined) throw new Error(`the test has no script for ${name}`);
  return scripted;
}

function outputOf({ args }: ClusterStep): string {
  const variable = args.find((arg) => arg.startsWith('OUTPUT='));
  return variable?.slice('OUTPUT='.length) ?? (args[args.indexOf('-output') + 1] as string);
}

function cancelledOn(signal: AbortSignal): Promise<StepOutcome> {
  return new Promise((resolve) => {
    const cancel = () => resolve({ status: 'cancelled' });
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
  });
}
