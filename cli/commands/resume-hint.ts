/** How to go on with a run that was cut off, for people to paste. */

import type { ClusterChoice } from '../preflight/cluster-choice.ts';

/** For a run of this machine. @param runs - the folder of the run directories as it was given; undefined: the default one */
export function resumeHere(runId: string, runs: string | undefined, { cluster, 'cluster-dir': base }: ClusterChoice = {}): string {
  const options = Object.entries({ 'run-dir': runs, cluster, 'cluster-dir': base });
  const words = options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${quoted(value)}`]));
  return ['go on with it by: carillon copy --resume', runId, ...words].join(' ');
}

/** For a run on AWS. */
export function resumeOnAws(runId: string): string {
  return `go on with it by: carillon start REQUEST.json --resume ${runId}`;
}

/** One word of a shell. */
function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
