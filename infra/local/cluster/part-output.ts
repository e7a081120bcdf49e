/** The part that an attempt writes and, when it has ended well, commits. */

import { countLines } from './line-ends.ts';
import { PartFile } from './part-file.ts';
import type { RecordForm } from './record-form.ts';
import type { AttemptTally } from './step-tally.ts';
import type { JobFacts } from './task-attempts.ts';
import { partName } from './task-id.ts';

/** Output of a task to the job's output directory. */
export class PartOutput {
  readonly #facts: JobFacts;
  readonly #attempt: string;
  readonly #name: string;
  readonly #file: PartFile;

  /** @param tally - gets the number of lines written */
  constructor(facts: JobFacts, attempt: string, partition: number, form: RecordForm, tally: AttemptTally) {
    const { job, output } = facts;
    this.#facts = facts;
    this.#attempt = attempt;
    this.#name = `${partName(partition)}${job.outputCompression?.suffix ?? ''}`;
    this.#file = new PartFile({
      directory: output.attemptDirectory(attempt),
      name: this.#name,
      form,
      separator: job.outputSeparator,
      compression: job.outputCompression,
      lazy: job.lazyOutput,
      onLines: (bytes) => {
        tally.linesOut += countLines(bytes);
      },
    });
  }

  async write(chunk: Buffer): Promise<void> {
    await this.#file.write(chunk);
  }

  async commit(): Promise<void> {
    const { output } = this.#facts;
    if (await this.#file.finish()) await output.commit(this.#attempt, this.#name);
    await output.discard(this.#attempt);
  }

  async discard(): Promise<void> {
    this.#file.destroy();
    await this.#facts.output.discard(this.#attempt);
  }
}
