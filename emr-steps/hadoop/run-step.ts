/** Binds a step's program to standard input and output: lines in, records through the program, lines out. */
import type { Readable, Writable } from 'node:stream';
import type { RecordCodec } from '../records/record-codec.ts';
import { RecordError } from '../records/record-error.ts';
import { type Environment, hasOffsets, isHadoopTask } from './environment.ts';
import { groupByKey } from './group-by-key.ts';
import { InputCutOffError } from './input-cut-off.ts';
import { LINE_FEED, readLineBatches } from './line-reader.ts';
import { MalformedLineError } from './malformed-line.ts';
import { type OutputWriter, outputWriter } from './output-writer.ts';
import type { StepContext, StepProgram } from './step-context.ts';

/** Where a step reads and how. */
export interface StepInput<In> {
  /** How a line becomes a record. */
  readonly input: Pick<RecordCodec<In>, 'decode'>;
  readonly context: StepContext;
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Tells whether the lines have offsets before them; default: no environment, no offsets. */
  readonly env?: Environment;
  /** Lines that hold no record, such as the comments of a partition file. */
  readonly skip?: (line: string) => boolean;
  /** Whether the process that feeds standard input is still there; asked at its end, in a Hadoop task. Default: it is. */
  readonly isFed?: () => boolean;
}

/** A step whose output is records. */
export interface RecordStep<In, Out> extends StepInput<In> {
  readonly program: StepProgram<In, Out>;
  readonly output: Pick<RecordCodec<Out>, 'encode'>;
}

/** A step whose output is bytes of whole lines: listing. */
export interface ByteStep<In> extends StepInput<In> {
  readonly program: (input: AsyncIterable<readonly In[]>, context: StepContext) => AsyncIterable<Uint8Array>;
}

/** Lines as they stand, for programs that look into them themselves. */
export const PLAIN_LINES: Pick<RecordCodec<string>, 'encode' | 'decode'> = { encode: (line) => line, decode: (line) => line };

/**
 * Runs a mapper: batches of records as the chunks of standard input bring them. All of standard input is read in the end, whatever the
 * program left of it, because Hadoop fails a task that does not.
 *
 * @throws MalformedLineError, OutputClosedError, the signal's reason, or what the program throws
 */
export async function runMapper<In, Out>(step: RecordStep<In, Out>): Promise<void> {
  await run(step, readLineBatches(chunksOf(step)), recordOutput(step));
}

/** As {@link runMapper}, for rows sorted by their first column: the rows of one key come in one batch, never split. */
export async function runReducer<In, Out>(step: RecordStep<In, Out>): Promise<void> {
  await run(step, groupByKey(readLineBatches(chunksOf(step))), recordOutput(step));
}

/** As {@link runMapper}, for a program that writes bytes. It may use a buffer again as soon as it is asked for the next one. */
export async function runByteMapper<In>(step: ByteStep<In>): Promise<void> {
  await run(step, readLineBatches(chunksOf(step)), async (input, writer) => {
    for await (const chunk of step.program(input, step.context)) await writer.bytes(chunk);
  });
}

type Output<In> = (input: AsyncIterable<readonly In[]>, writer: OutputWriter) => Promise<void>;

function recordOutput<In, Out>(step: RecordStep<In, Out>): Output<In> {
  return async (input, writer) => {
    for await (const records of step.program(input, step.context)) {
      if (records.length === 0) continue;
      let text = '';
      for (const record of records) text += `${step.output.encode(record)}\n`;
      step.context.statistics.recordsOut(records.length);
      await writer.text(text);
    }
  };
}

async function run<In>(step: StepInput<In>, lines: AsyncIterable<readonly string[]>, output: Output<In>): Promise<void> {
  const { signal } = step.context;
  const onAbort = (): void => void step.stdin.destroy(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const writer = outputWriter(step.stdout);
    await output(records(step, lines), writer);
    await drain(step.stdin);
    await writer.finish();
    signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * Chunks of standard input; a program that stops early leaves the stream open, so that the rest can be drained. In a Hadoop task an end that
 * is none throws: a reducer must not take a cut-off group of rows for a whole one.
 */
async function* chunksOf(step: StepInput<unknown>): AsyncGenerator<Uint8Array, void, void> {
  let last = LINE_FEED;
  for await (const chunk of step.stdin.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    if (chunk.length > 0) last = chunk[chunk.length - 1] as number;
    yield chunk;
  }
  if (!isHadoopTask(step.env ?? {})) return;
  if (last !== LINE_FEED) throw new InputCutOffError('its last line has no end, which Hadoop always gives');
  if (step.isFed?.() === false) throw new InputCutOffError('the process that fed it is gone');
}

async function drain(stdin: Readable): Promise<void> {
  if (stdin.readableEnded || stdin.destroyed) return;
  for await (const chunk of stdin) void chunk;
}

async function* records<In>(step: StepInput<In>, batches: AsyncIterable<readonly string[]>): AsyncGenerator<readonly In[], void, void> {
  const offsets = hasOffsets(step.env ?? {});
  let before = 0;
  for await (const lines of batches) {
    const decoded = decodeLines(step, lines, before, offsets);
    before += lines.length;
    step.context.statistics.recordsIn(decoded.length);
    if (decoded.length > 0) yield decoded;
  }
}

function decodeLines<In>(step: StepInput<In>, lines: readonly string[], before: number, offsets: boolean): readonly In[] {
  const decoded: In[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = withoutAddedTab(offsets ? withoutOffset(lines[at] as string) : (lines[at] as string));
    if (step.skip?.(line)) continue;
    try {
      decoded.push(step.input.decode(line));
    } catch (error) {
      if (error instanceof RecordError) throw new MalformedLineError(before + at + 1, error.message, { cause: error });
      throw error;
    }
  }
  return decoded;
}

function withoutOffset(line: string): string {
  const [offset] = /^\d+\t/.exec(line) ?? [''];
  return line.slice(offset.length);
}

/** Hadoop adds a TAB to a line that has none (a partition line that went through a step); a TAB that ends a line of two columns or more is data. */
function withoutAddedTab(line: string): string {
  const tab = line.length - 1;
  return line.charCodeAt(tab) === 9 && line.indexOf('\t') === tab ? line.slice(0, tab) : line;
}
