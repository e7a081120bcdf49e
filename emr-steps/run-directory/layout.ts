/** The names in a run's directory. Pure: the plan writes them into step arguments, the Lambdas read what lies there. */

/** Version of the tree, of `plan-<n>.json` and of `request.json`; a resume refuses another one. */
export const RUN_DIRECTORY_VERSION = 1;

/** What was asked. */
export const REQUEST_FILE = 'request.json';
/** What was found out when the run was prepared, for the handlers that follow. */
export const RUN_FILE = 'run.json';
/** The lines that the list mappers get. */
export const PARTITIONS_FILE = 'partitions/part.tsv';
/** What was foreseen of the run, where somebody has put it there: `requests` by operation, as `carillon estimate --json` tells them. */
export const ESTIMATE_FILE = 'estimate.json';
/** The books, the reasons by count, requests by operation, times. */
export const SUMMARY_FILE = 'summary.json';
/** The contract for what runs next. */
export const OUTPUT_FILE = 'output.json';
/** Written last into a try: only a try that holds it is ever read. */
export const SUCCESS_FILE = '_SUCCESS';

/** Listings of the two sides, and the diff's output (`to-copy`, `extra` and `counts` below each of its tries). */
export const LISTINGS = { source: 'source', destination: 'destination', diff: 'diff' } as const;
/** What the diff's try holds. */
export const DIFF_OUTPUTS = { toCopy: 'to-copy', extra: 'extra', counts: 'counts' } as const;

/** What a verification writes: the destination as it is listed then, what was counted, and each difference as a row. */
export const VERIFY_OUTPUTS = { listing: 'verify/destination', counts: 'verify/counts', differences: 'verify/differences' } as const;

/** Open uploads that were aborted. */
export const SWEEP_OUTPUT = 'sweep';

/** What each round yields, in order. */
export type RoundOutput = 'tasks' | 'results' | 'ledger' | 'settled' | 'unsettled';

/** The plan as it stood after the n-th decision, 1 first. */
export function planFile(number: number): string {
  return `plan-${number}.json`;
}

/** Folder of one kind of rows of a round; its tries lie below. */
export function roundOutput(round: number, output: RoundOutput): string {
  return `rounds/${round}/${output}`;
}

/** The folder that one try of a step writes, 1 first. A failed try leaves parts behind, so the next has its own. */
export function tryOf(output: string, number: number): string {
  return `${output}/try-${number}`;
}

/** Written when a try of a step begins, and again when it ends; `name` is such as `copy-objects.r1.t1`. */
export function stepRecordFile(name: string): string {
  return `${STEP_RECORDS}/${name}.json`;
}

/** Folder of {@link stepRecordFile}. */
export const STEP_RECORDS = '_steps';

/** On one machine: what happened, an event a line as JSON; in the folder that also holds the run's lock. */
export const EVENTS_FILE = '_events.jsonl';

/** Folder of every step's statistics. */
export const STATISTICS = '_stats';

/** Where the task attempts of a step's try write their statistics; `step` is such as `copy-objects.r1`. */
export function statisticsOf(step: string, number: number): string {
  return `${STATISTICS}/${step}/try-${number}`;
}

/** Name of one task attempt's statistics in {@link statisticsOf}. */
export function statisticsFile(taskAttempt: string): string {
  return `${taskAttempt}.json`;
}

/** Whether a name in an output folder is rows: not a mark (`_SUCCESS`), not a checksum or temporary file (`.part-00000.crc`). */
export function isRowsFile(name: string): boolean {
  return !name.startsWith('_') && !name.startsWith('.');
}
