import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { stepContext } from '../../../emr-steps/hadoop/context.ts';
import type { Environment } from '../../../emr-steps/hadoop/environment.ts';
import { PLAIN_LINES, runByteMapper, runMapper, runReducer } from '../../../emr-steps/hadoop/run-step.ts';
import type { StepProgram } from '../../../emr-steps/hadoop/step-context.ts';
import { isPartitionComment, partition } from '../../../emr-steps/records/partition.ts';

function collect(): { readonly stdout: Writable; readonly text: () => string } {
  const chunks: Buffer[] = [];
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stdout, text: () => Buffer.concat(chunks).toString() };
}

function context(options: { readonly signal?: AbortSignal; readonly env?: Environment; readonly round?: number; readonly try?: number } = {}) {
  const { signal = new AbortController().signal, env = {}, ...rest } = options;
  return stepContext({ program: 'test', env, stderr: { write: () => true }, signal, ...rest });
}

async function* upper(input: AsyncIterable<readonly string[]>): AsyncGenerator<readonly string[]> {
  for await (const lines of input) yield lines.map((line) => line.toUpperCase());
}

async function map(text: string, program: StepProgram<string, string> = upper, env: Environment = {}): Promise<string> {
  const { stdout, text: output } = collect();
  await runMapper({ program, input: PLAIN_LINES, output: PLAIN_LINES, context: context({ env }), stdin: Readable.from([Buffer.from(text)]), stdout, env });
  return output();
}

describe('runMapper', () => {
  it('reads lines, runs the program and writes lines, counting both', async () => {
    const { stdout, text } = collect();
    const own = context();
    await runMapper({
      program: async function* (input) {
        for await (const lines of input) {
          yield [];
          yield lines.flatMap((line) => [line, `${line}!`]);
        }
      },
      input: PLAIN_LINES,
      output: PLAIN_LINES,
      context: own,
      stdin: Readable.from([Buffer.from('a\nb'), Buffer.from('c\nd\n')]),
      stdout,
    });
    expect(text()).toBe('a\na!\nbc\nbc!\nd\nd!\n');
    expect(own.statistics.snapshot(true)).toMatchObject({ recordsIn: 3, recordsOut: 6 });
  });

  it("takes NLineInputFormat's offset away, in a mapper without ignoreKey alone", async () => {
    const env = { mapreduce_task_ismap: 'true', mapred_input_format_class: 'org.apache.hadoop.mapred.lib.NLineInputFormat' };
    expect(await map('0\ta\n17\tb\tc\n', upper, env)).toBe('A\nB\tC\n');
    expect(await map('0\ta\n', upper, { ...env, stream_map_input_ignoreKey: 'true' })).toBe('0\tA\n');
  });

  it('takes the TAB away that Hadoop adds to a line of one column, and no other', async () => {
    expect(await map('a\t\nb\tc\t\n\t\n\n')).toBe('A\nB\tC\t\n\n\n');
  });

  it('skips lines that hold no record, and counts them as lines of the input', async () => {
    const { stdout } = collect();
    const step = {
      program: async function* () {},
      input: partition,
      output: partition,
      context: context(),
      skip: isPartitionComment,
      stdout,
      stdin: Readable.from([Buffer.from('# comment\n\n,00\nno comma\n')]),
    };
    await runMapper({
      ...step,
      program: async function* (input) {
        yield await Array.fromAsync(input).then((all) => all.flat());
      },
    }).catch((error: unknown) => expect(error).toMatchObject({ name: 'MalformedLineError', lineNumber: 4, message: expect.stringContaining('has no comma') }));
    expect.assertions(1);
  });

  it('lets an error of a decoder that is no malformed record through as it is', async () => {
    const { stdout } = collect();
    const input = {
      decode: () => {
        throw new TypeError('a bug');
      },
    };
    const step = { program: upper, input, output: PLAIN_LINES, context: context(), stdin: Readable.from([Buffer.from('a\n')]), stdout };
    await expect(runMapper(step)).rejects.toThrow(new TypeError('a bug'));
  });

  it('drains standard input when the program stops early', async () => {
    let taken = 0;
    const stdin = Readable.from(
      (function* () {
        for (; taken < 100; taken += 1) yield Buffer.from(`${taken}\n`);
      })(),
    );
    const { stdout, text } = collect();
    await runMapper({
      program: async function* (input) {
        for await (const lines of input) {
          yield lines;
          return;
        }
      },
      input: PLAIN_LINES,
      output: PLAIN_LINES,
      context: context(),
      stdin,
      stdout,
    });
    expect(text()).toBe('0\n');
    expect(taken).toBe(100);
    expect(stdin.readableEnded).toBe(true);
  });

  it('waits where the reader of its output is slow', async () => {
    const stdout = new PassThrough({ highWaterMark: 10 });
    let handedOver = 0;
    const running = runMapper({
      program: async function* () {
        for (; handedOver < 50; handedOver += 1) yield ['x'.repeat(20)];
      },
      input: PLAIN_LINES,
      output: PLAIN_LINES,
      context: context(),
      stdin: Readable.from([]),
      stdout,
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(handedOver).toBeLessThan(5);
    let read = 0;
    stdout.on('data', (chunk: Buffer) => {
      read += chunk.length;
    });
    await running;
    expect(read).toBe(50 * 21);
  });

  it.each([
    ['EPIPE', /its reader ended before the last row/],
    ['ENOSPC', /cannot be written \(ENOSPC\)/],
  ])('fails when its output ends in %s', async (code, message) => {
    const stdout = new Writable({
      highWaterMark: 1,
      write(_chunk, _encoding, done) {
        setImmediate(() => done(Object.assign(new Error('write'), { code })));
      },
    });
    const step = { program: upper, input: PLAIN_LINES, output: PLAIN_LINES, context: context(), stdin: Readable.from([Buffer.from('a\nb\n')]), stdout };
    await expect(runMapper(step)).rejects.toMatchObject({ code: 'OUTPUT_CLOSED', message: expect.stringMatching(message) });
  });

  it('fails when its output was closed before it wrote', async () => {
    const { stdout } = collect();
    stdout.destroy();
    const program: StepProgram<string, string> = async function* () {
      await new Promise((resolve) => setImmediate(resolve));
      yield ['a'];
    };
    const step = { program, input: PLAIN_LINES, output: PLAIN_LINES, context: context(), stdin: Readable.from([]), stdout };
    await expect(runMapper(step)).rejects.toMatchObject({ code: 'OUTPUT_CLOSED' });
  });

  it('ends with the reason of the signal while it waits for input', async () => {
    const controller = new AbortController();
    const { stdout } = collect();
    const running = runMapper({
      program: upper,
      input: PLAIN_LINES,
      output: PLAIN_LINES,
      context: context({ signal: controller.signal }),
      stdin: new PassThrough(),
      stdout,
    });
    controller.abort(new Error('told to end'));
    await expect(running).rejects.toThrow('told to end');
  });

  it('does not start when the signal is aborted already', async () => {
    const { stdout, text } = collect();
    const signal = AbortSignal.abort(new Error('told to end'));
    const step = { program: upper, input: PLAIN_LINES, output: PLAIN_LINES, context: context({ signal }), stdin: Readable.from([Buffer.from('a\n')]), stdout };
    await expect(runMapper(step)).rejects.toThrow('told to end');
    expect(text()).toBe('');
  });
});

describe('runReducer', () => {
  it('gives the rows of one key in one batch', async () => {
    const { stdout, text } = collect();
    await runReducer({
      program: async function* (input) {
        for await (const lines of input) yield [lines.join('|')];
      },
      input: PLAIN_LINES,
      output: PLAIN_LINES,
      context: context(),
      stdin: Readable.from(['a\t1\na\t', '2\nb\t1\n', 'b\t2\nc\t1\n'].map((chunk) => Buffer.from(chunk))),
      stdout,
    });
    expect(text()).toBe('a\t1|a\t2\nb\t1|b\t2\nc\t1\n');
  });
});

describe('an input that is cut off', () => {
  const task = { mapreduce_task_attempt_id: 'attempt_1_0001_r_000000_0' };

  async function reduce(text: string, env: Environment, isFed?: () => boolean): Promise<string> {
    const { stdout, text: output } = collect();
    const stdin = Readable.from([Buffer.from(text)]);
    const step = { program: upper, input: PLAIN_LINES, output: PLAIN_LINES, context: context(), stdin, stdout, env, ...(isFed && { isFed }) };
    return await runReducer(step).then(output, (error: Error & { code: string }) => `${error.code} after ${JSON.stringify(output())}`);
  }

  it('is not taken for the end of the rows where Hadoop died in the middle of a line', async () => {
    expect(await reduce('a\t1\nb\t1\nb\t2', task)).toBe('INPUT_CUT_OFF after "A\\t1\\n"');
  });

  it('is not taken for the end of the rows where whoever fed it is gone', async () => {
    expect(await reduce('a\t1\nb\t1\n', task, () => false)).toBe('INPUT_CUT_OFF after "A\\t1\\n"');
    expect(await reduce('a\t1\nb\t1\n', task, () => true)).toBe('A\t1\nB\t1\n');
  });

  it('is the end in a pipe of a shell, which may be gone long before', async () => {
    expect(await reduce('a\t1\nb\t1', {}, () => false)).toBe('A\t1\nB\t1\n');
  });

  it('may be empty', async () => {
    expect(await reduce('', task)).toBe('');
  });
});

describe('runByteMapper', () => {
  it('writes a buffer before the program may use it again', async () => {
    const { stdout, text } = collect();
    await runByteMapper({
      program: async function* (input) {
        const shared = Buffer.alloc(2);
        for await (const lines of input) {
          for (const line of lines) {
            shared.write(`${line}\n`);
            yield shared;
          }
        }
      },
      input: PLAIN_LINES,
      context: context(),
      stdin: Readable.from([Buffer.from('a\nb\nc\n')]),
      stdout,
    });
    expect(text()).toBe('a\nb\nc\n');
  });

  it('fails when its output is closed', async () => {
    const stdout = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('write'), { code: 'EPIPE' }));
      },
    });
    const step = {
      program: () => Readable.from([Buffer.from('a\n'), Buffer.from('b\n')]),
      input: PLAIN_LINES,
      context: context(),
      stdin: Readable.from([]),
      stdout,
    };
    await expect(runByteMapper(step)).rejects.toMatchObject({ code: 'OUTPUT_CLOSED' });
  });
});

describe('stepContext', () => {
  const second = { mapreduce_task_attempt_id: 'attempt_1_0001_m_000000_1' };

  it.each([
    ['the first attempt, try and round', {}, false],
    ['a second attempt', { env: second }, true],
    ['a second try', { try: 2 }, true],
    ['a second round', { round: 2 }, true],
  ])('looks before it writes: %s', (_what, options, looks) => {
    expect(context(options).lookBeforeWriting).toBe(looks);
  });

  it('has a clock and a default of every option', () => {
    const own = context();
    expect(Math.abs(own.now().getTime() - Date.now())).toBeLessThan(60_000);
    expect(own).toMatchObject({ round: 1, dryRun: false });
  });
});
