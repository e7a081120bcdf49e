/** What an attempt wrote to standard error: its last lines in memory, and all of it in a file where one is asked for. */
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Characters that are kept. */
const KEPT = 8_000;

/** The log of one attempt. */
export class AttemptLog {
  readonly #path: string | null;
  #tail = '';
  #writing: Promise<void> = Promise.resolve();

  /** @param path - file that gets everything, made with its first line; null for none */
  constructor(path: string | null) {
    this.#path = path;
  }

  /** The last lines. */
  get tail(): string {
    return this.#tail;
  }

  add(lines: string): void {
    const text = this.#tail + lines;
    this.#tail = text.length <= KEPT ? text : text.slice(text.indexOf('\n', text.length - KEPT) + 1);
    const path = this.#path;
    if (path !== null) this.#writing = this.#writing.then(async () => await append(path, lines)).catch(() => undefined);
  }

  /** Resolves when the file has everything; a log that cannot be written fails nothing. */
  async written(): Promise<void> {
    await this.#writing;
  }
}

async function append(path: string, lines: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await appendFile(path, lines);
}
