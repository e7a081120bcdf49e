/** One line that says why a step failed, out of what Hadoop and Hive say of it. */

/** Beginnings that say only that something is an error. */
const EMPTY_WORDS = /^(Error: |Exception from |java\.lang\.RuntimeException: |PipeMapRed\.\w+\(\): |org\.apache\.hadoop\.\S+Exception: )+/;

/** The cause in the diagnostics of a task attempt, such as `subprocess failed with code 3`. */
export function attemptCause(diagnostics: string): string {
  const line = diagnostics.split('\n').find((one) => one.trim() !== '') ?? '';
  const bare = line.trim().replace(EMPTY_WORDS, '');
  return bare === '' ? line.trim() : bare;
}

/** Lines of a client's output that name a cause, the best first; each with the words before it that are the log's own. */
const CLIENT_LINES: readonly RegExp[] = [
  /Error Launching job : (.+)/,
  /^(?:.*?)(FAILED: .+)/,
  / failed with state \w+ due to: (.*\S)/,
  /Job not successful\. (.*\S)/,
  /ERROR [\w.]+: (.*\S)/,
  /((?:[\w.]+\.)?\w+(?:Exception|Error): .+)/,
];

/** The cause in the output of a client that failed: a job that was refused, a statement that Hive could not run. */
export function clientCause(log: string, code: number): string {
  const lines = log.split('\n').map((line) => line.trim());
  for (const form of CLIENT_LINES) {
    const found = lines.map((line) => form.exec(line)?.[1]).findLast((text) => text !== undefined && text !== '');
    if (found !== undefined) return found;
  }
  return lines.findLast((line) => line !== '') ?? `the client ended with code ${code}`;
}
