/** A map task: a split through the mapper, to a part file or to the shuffle. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputSplit } from './input-splits.ts';
import { countLines, LineEnds } from './line-ends.ts';
import { PartOutput } from './part-output.ts';
import { ShuffleOutput } from './shuffle-output.ts';
import type { SpilledRun } from './spill-file.ts';
import { readSplit } from './split-reader.ts';
import type { AttemptTally } from './step-tally.ts';
import type { JobFacts, Task, TaskAttemptWork } from './task-attempts.ts';

/** Leaves sorted runs to the reducers; none in a map-only job. */
export class MapTask implements Task<readonly SpilledRun[]> {
  readonly kind = 'm';
  readonly heeded = true;
  readonly partition: number;
  readonly split: InputSplit;
  /** Null for `cat`, which gives back what it gets: the rows need not pass two pipes for that. */
  readonly command: readonly string[] | null;
  readonly #facts: JobFacts;

  constructor(facts: JobFacts, split: InputSplit, partition: number) {
    this.#facts = facts;
    this.split = split;
    this.partition = partition;
    this.command = facts.job.mapper.join(' ') === 'cat' ? null : facts.job.mapper;
  }

  begin(attempt: string, tally: AttemptTally): TaskAttemptWork<readonly SpilledRun[]> {
    const { job } = this.#facts;
    const input = counted(readSplit(this.split, job), tally);
    if (job.reduces > 0) return this.#toShuffle(input, join(this.#facts.workDirectory, 'shuffle', attempt), tally);
    const part = new PartOutput(this.#facts, attempt, this.partition, job.mapForm, tally);
    return {
      input,
      write: (chunk) => part.write(chunk),
      finish: async () => {
        await part.commit();
        return [];
      },
      discard: async () => await part.discard(),
    };
  }

  #toShuffle(input: AsyncIterable<Buffer>, directory: string, tally: AttemptTally): TaskAttemptWork<readonly SpilledRun[]> {
    const output = new ShuffleOutput(this.#facts.job.shuffle, directory, this.#facts.sortMemoryBytes);
    const ends = new LineEnds();
    const write = async (chunk: Buffer): Promise<void> => {
      tally.linesOut += countLines(chunk);
      await output.write(chunk);
    };
    return {
      input,
      write: async (chunk) => await write(ends.push(chunk)),
      finish: async () => {
        await write(ends.end());
        return await output.finish();
      },
      discard: async () => await rm(directory, { recursive: true, force: true }),
    };
  }
}

/** Counts the lines that the program is given. */
export async function* counted(chunks: AsyncIterable<Buffer>, tally: AttemptTally): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of chunks) {
    tally.linesIn += countLines(chunk);
    yield chunk;
  }
}
