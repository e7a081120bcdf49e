/** What a run's directory holds of its steps: when each try began, and how long it took. By it a resumed run knows what was cut off. */
import { STEP_RECORDS, stepRecordFile } from '../../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../../emr-steps/run-directory/run-directory.ts';
import type { StepObserver } from './emr-bindings.ts';

/** When a try of a step began, and how long it took; null: it goes on, or was cut off. */
interface StepRecord {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly seconds: number | null;
}

/** Writes a record before a step does anything, and again at its end. */
export function stepRecords(directory: RunDirectory, now: () => Date): StepObserver {
  const begun = new Map<string, { readonly startedAt: string; readonly from: number }>();
  const write = (name: string, record: StepRecord) => directory.write(stepRecordFile(name), `${JSON.stringify(record)}\n`);
  return {
    began: async (name) => {
      const startedAt = now().toISOString();
      begun.set(name, { startedAt, from: performance.now() });
      await write(name, { startedAt, seconds: null });
    },
    ended: async (name) => {
      const { startedAt, from } = begun.get(name) ?? { startedAt: now().toISOString(), from: performance.now() };
      await write(name, { startedAt, seconds: (performance.now() - from) / 1000 });
    },
  };
}

/** Seconds by step name, in the order in which they began. */
export async function secondsOfSteps(directory: RunDirectory): Promise<Readonly<Record<string, number>>> {
  const files = await directory.list(STEP_RECORDS);
  const read = files.map(async ({ path }) => [nameOf(path), JSON.parse(Buffer.from((await directory.read(path)) ?? []).toString('utf8'))] as const);
  const records = (await Promise.all(read)) as readonly (readonly [string, StepRecord])[];
  const inOrder = records.toSorted(([, a], [, b]) => (a.startedAt < b.startedAt ? -1 : 1));
  return Object.fromEntries(inOrder.flatMap(([name, { seconds }]) => (seconds === null ? [] : [[name, seconds]])));
}

function nameOf(path: string): string {
  return path.slice(STEP_RECORDS.length + 1, -'.json'.length);
}
