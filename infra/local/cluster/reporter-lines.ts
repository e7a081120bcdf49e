/** Standard error of a program: `reporter:` lines are counters and status, everything else is its log. */
import { LineEnds } from './line-ends.ts';

/** Counters by group and name. */
export type Counters = Map<string, Map<string, number>>;

/** Who hears what a program reports. */
export interface ReporterEars {
  /** `reporter:` unless `stream.stderr.reporter.prefix` says otherwise. */
  readonly prefix: string;
  counter(group: string, name: string, amount: number): void;
  status(text: string): void;
  /** Whole lines that are no report, each with its LF. */
  log(lines: string): void;
}

/** Adds to a counter. */
export function addToCounter(counters: Counters, group: string, name: string, amount: number): void {
  const names = counters.get(group) ?? new Map<string, number>();
  counters.set(group, names);
  names.set(name, (names.get(name) ?? 0) + amount);
}

/** Reads the chunks of standard error. */
export class ReporterLines {
  readonly #ears: ReporterEars;
  readonly #ends = new LineEnds();
  #open: Buffer = Buffer.alloc(0);

  constructor(ears: ReporterEars) {
    this.#ears = ears;
  }

  push(chunk: Buffer): void {
    const bytes = Buffer.concat([this.#open, this.#ends.push(chunk)]);
    const end = bytes.lastIndexOf(0x0a) + 1;
    this.#open = bytes.subarray(end);
    this.#read(bytes.toString('utf8', 0, end));
  }

  /** A last line without an end counts as well. */
  end(): void {
    if (this.#open.length > 0) this.#read(`${this.#open.toString('utf8')}\n`);
    this.#open = Buffer.alloc(0);
  }

  #read(text: string): void {
    if (!text.includes(this.#ears.prefix)) {
      if (text !== '') this.#ears.log(text);
      return;
    }
    let log = '';
    for (const line of text.slice(0, -1).split('\n')) if (!this.#report(line)) log += `${line}\n`;
    if (log !== '') this.#ears.log(log);
  }

  /** True where the line is a report, which a malformed one is too: Hadoop only warns. */
  #report(line: string): boolean {
    const { prefix } = this.#ears;
    if (!line.startsWith(prefix)) return false;
    if (line.startsWith('counter:', prefix.length)) this.#counter(line.slice(prefix.length + 'counter:'.length));
    else if (line.startsWith('status:', prefix.length)) this.#ears.status(line.slice(prefix.length + 'status:'.length).trim());
    return true;
  }

  #counter(text: string): void {
    const [group, name, amount, ...more] = text.trim().split(',');
    if (group === undefined || name === undefined || amount === undefined || more.length > 0 || !/^[+-]?\d{1,18}$/.test(amount)) return;
    this.#ears.counter(group, name, Number(amount));
  }
}
