/** The journal of a bucket: one change a line, appended before it is answered; read from the top when the store starts. */
import { closeSync, openSync, readFileSync, renameSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { StoreDirectoryError } from './store-directory-error.ts';

const LINE_FEED = 0x0a;

/** The lines of a journal. A last one without its line feed is what a killed process left of a change that it never answered: it is cut off. */
function readRows(path: string): unknown[] {
  const bytes = readFileSync(path, { flag: 'a+' });
  const end = bytes.lastIndexOf(LINE_FEED) + 1;
  if (end < bytes.length) truncateSync(path, end);
  const rows: unknown[] = [];
  for (let start = 0; start < end; ) {
    const feed = bytes.indexOf(LINE_FEED, start);
    rows.push(parsed(path, bytes.toString('utf8', start, feed), rows.length + 1));
    start = feed + 1;
  }
  return rows;
}

function parsed(path: string, line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new StoreDirectoryError(`line ${number} of ${path} is no JSON; the store cannot know what it held: move the directory away or mend the line`, {
      cause,
    });
  }
}

/** An append-only file of rows. */
export class Journal {
  readonly #path: string;
  #file: number;
  /** What was written before; to be taken up once. */
  readonly rows: readonly unknown[];

  /** Opens a journal, new or not. */
  constructor(path: string) {
    this.#path = path;
    this.rows = readRows(path);
    this.#file = openSync(path, 'a');
  }

  /** Adds a row; it is with the operating system when this returns. */
  append(row: unknown): void {
    writeSync(this.#file, `${JSON.stringify(row)}\n`);
  }

  /** Writes all rows anew, to forget what was overwritten and deleted since. */
  rewrite(rows: Iterable<unknown>): void {
    let text = '';
    const next = `${this.#path}.next`;
    writeFileSync(next, '');
    for (const row of rows) {
      text += `${JSON.stringify(row)}\n`;
      if (text.length < 1024 * 1024) continue;
      writeFileSync(next, text, { flag: 'a' });
      text = '';
    }
    writeFileSync(next, text, { flag: 'a' });
    closeSync(this.#file);
    renameSync(next, this.#path);
    this.#file = openSync(this.#path, 'a');
  }

  close(): void {
    closeSync(this.#file);
  }
}
