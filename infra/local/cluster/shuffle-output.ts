/** A map task's output on its way to reducers: sorted runs in a directory of the attempt's own. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ShuffleRules, SortRun } from './sort-run.ts';
import { RunWriter, type SpilledRun } from './spill-file.ts';
import { WholeLines } from './whole-lines.ts';

/** Takes a map attempt's lines and gives back its runs. */
export class ShuffleOutput {
  readonly #rules: ShuffleRules;
  readonly #directory: string;
  readonly #memoryBytes: number;
  readonly #run: SortRun;
  readonly #whole = new WholeLines();
  readonly #spilled: SpilledRun[] = [];

  /**
   * @param directory - made when there is something to write
   * @param memoryBytes - lines kept in memory before they are sorted and written
   */
  constructor(rules: ShuffleRules, directory: string, memoryBytes: number) {
    this.#rules = rules;
    this.#directory = directory;
    this.#memoryBytes = memoryBytes;
    this.#run = new SortRun(rules, memoryBytes);
  }

  /** Takes bytes of lines that end in LF. */
  async write(chunk: Buffer): Promise<void> {
    this.#run.add(this.#whole.push(chunk));
    if (this.#run.size >= this.#memoryBytes || this.#run.full) await this.#spill();
  }

  /** The runs, when all lines have come. */
  async finish(): Promise<readonly SpilledRun[]> {
    if (this.#run.count > 0) await this.#spill();
    return this.#spilled;
  }

  async #spill(): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    const writer = await RunWriter.create(join(this.#directory, `run-${this.#spilled.length}`), this.#rules.reduces);
    try {
      await this.#run.sorted(
        (record) => writer.add(record),
        async () => await writer.flush(),
      );
    } finally {
      this.#spilled.push(await writer.finish());
    }
    this.#run.clear();
  }
}
