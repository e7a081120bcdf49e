/** How to go on with a run that was cut off, for people to paste. */

/** For a run of this machine. @param runs - the folder of the run directories as it was given; undefined: the default one */
export function resumeHere(runId: string, runs: string | undefined): string {
  return `go on with it by: carillon copy --resume ${runId}${runs === undefined ? '' : ` --run-dir ${quoted(runs)}`}`;
}

/** For a run on AWS. */
export function resumeOnAws(runId: string): string {
  return `go on with it by: carillon start REQUEST.json --resume ${runId}`;
}

/** One word of a shell. */
function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
