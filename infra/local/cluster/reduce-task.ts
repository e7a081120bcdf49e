/** A reduce task: its part of every map task's runs, merged, through the reducer to a part file. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { counted } from './map-task.ts';
import { mergeRuns } from './merge-runs.ts';
import { PartOutput } from './part-output.ts';
import type { RunPart } from './spill-file.ts';
import type { AttemptTally } from './step-tally.ts';
import type { JobFacts, Task, TaskAttemptWork } from './task-attempts.ts';

/** Leaves nothing but its part file. */
export class ReduceTask implements Task<void> {
  readonly kind = 'r';
  readonly partition: number;
  readonly split = null;
  readonly command: readonly string[] | null;
  /** Hadoop drops what a reducer without rows writes. */
  readonly heeded: boolean;
  readonly #facts: JobFacts;
  readonly #parts: readonly RunPart[];

  constructor(facts: JobFacts, parts: readonly RunPart[], partition: number) {
    this.#facts = facts;
    this.#parts = parts;
    this.heeded = parts.length > 0;
    this.partition = partition;
    this.command = facts.job.reducer;
  }

  begin(attempt: string, tally: AttemptTally): TaskAttemptWork<void> {
    const { job } = this.#facts;
    const scratch = join(this.#facts.workDirectory, 'merge', attempt);
    const part = new PartOutput(this.#facts, attempt, this.partition, job.reduceForm, tally);
    return {
      input: counted(this.#merged(scratch), tally),
      write: (chunk) => part.write(chunk),
      finish: async () => {
        await part.commit();
        await rm(scratch, { recursive: true, force: true });
      },
      discard: async () => {
        await part.discard();
        await rm(scratch, { recursive: true, force: true });
      },
    };
  }

  async *#merged(scratch: string): AsyncGenerator<Buffer, void, void> {
    await mkdir(scratch, { recursive: true });
    yield* mergeRuns(this.#parts, this.#facts.job.shuffle.order, scratch);
  }
}
