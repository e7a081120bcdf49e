/** A job's counters, as the ApplicationMaster and the job history give them, and the progress that they tell. */
import type { StepProgress } from '../../workflows/events/run-event.ts';

/** The body of `…/jobs/<id>/counters`. */
export interface JobCounters {
  readonly counterGroup?: readonly { readonly counterGroupName: string; readonly counter?: readonly JobCounter[] }[];
}

interface JobCounter {
  readonly name: string;
  readonly mapCounterValue: number;
  readonly reduceCounterValue: number;
  readonly totalCounterValue: number;
}

/** Counters of our own programs (emr-steps/hadoop/statistics-report.ts), and Hadoop's where a phase runs none of them. */
const OURS = 'carillon';
const HADOOPS = 'org.apache.hadoop.mapreduce.TaskCounter';

/** Nothing yet. */
export const NO_PROGRESS: StepProgress = { recordsIn: 0, recordsOut: 0, bytes: 0, total: null };

/** The progress of the job's present phase: of its reducers once they have read something, else of its mappers. */
export function progressOf(counters: JobCounters): StepProgress {
  const find = (group: string, name: string): JobCounter | undefined =>
    counters.counterGroup?.find(({ counterGroupName }) => counterGroupName === group)?.counter?.find((counter) => counter.name === name);
  const reduces = (find(HADOOPS, 'REDUCE_INPUT_RECORDS')?.reduceCounterValue ?? 0) > 0;
  const value = (counter: JobCounter | undefined): number | undefined => (reduces ? counter?.reduceCounterValue : counter?.mapCounterValue);
  const ours = (name: string): number => value(find(OURS, name)) ?? 0;
  const hadoops = (what: 'INPUT' | 'OUTPUT'): number => value(find(HADOOPS, `${reduces ? 'REDUCE' : 'MAP'}_${what}_RECORDS`)) ?? 0;
  return {
    recordsIn: ours('records in') || hadoops('INPUT'),
    recordsOut: Math.max(ours('records out'), hadoops('OUTPUT')),
    bytes: ours('bytes'),
    total: reduces ? (find(HADOOPS, 'MAP_OUTPUT_RECORDS')?.mapCounterValue ?? null) : null,
  };
}
