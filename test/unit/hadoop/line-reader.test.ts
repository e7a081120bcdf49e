import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LineReaderOptions, readLineBatches } from '../../../emr-steps/hadoop/line-reader.ts';
import { MalformedLineError } from '../../../emr-steps/hadoop/malformed-line.ts';

async function* chunked(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function batchesOf(bytes: Uint8Array, sizes: readonly number[] = [65_536], options?: LineReaderOptions): Promise<(readonly string[])[]> {
  return await Array.fromAsync(readLineBatches(chunked(bytes, sizes), options));
}

async function linesOf(bytes: Uint8Array, sizes?: readonly number[], options?: LineReaderOptions): Promise<string[]> {
  return (await batchesOf(bytes, sizes, options)).flat();
}

describe('readLineBatches', () => {
  it('gives back every line however the bytes are cut into chunks', async () => {
    const line = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.toWellFormed().replaceAll('\n', ''));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1 }), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }), async (lines, sizes) => {
        expect(await linesOf(Buffer.from(`${lines.join('\n')}\n`), sizes)).toEqual(lines);
      }),
    );
  });

  it('hands over all lines of a chunk in one batch', async () => {
    const batches = await batchesOf(Buffer.from('a\nb\nc\nd'));
    expect(batches).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('takes a line feed alone as the end of a line', async () => {
    expect(await linesOf(Buffer.from('a\rb\r\nc\u2028d\u0085\ufeffe\0\n'))).toEqual(['a\rb\r', 'c\u2028d\u0085\ufeffe\0']);
  });

  it('keeps a byte order mark at the start of the stream', async () => {
    expect(await linesOf(Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0x0a]))).toEqual(['\ufeffa']);
  });

  it('gives no line for an empty stream, and empty lines for line feeds', async () => {
    expect(await linesOf(Buffer.alloc(0))).toEqual([]);
    expect(await linesOf(Buffer.from('\n\n'))).toEqual(['', '']);
  });

  it('reads a line of many megabytes that comes in small chunks', async () => {
    const long = 'é'.repeat(3 * 1024 * 1024);
    const lines = await linesOf(Buffer.from(`x\n${long}\ny\n`));
    expect(lines.map((line) => line.length)).toEqual([1, long.length, 1]);
    expect(lines[1] === long).toBe(true);
  });

  it('takes text chunks, as a stream with an encoding gives', async () => {
    async function* text(): AsyncGenerator<string> {
      yield 'ä\nb';
      yield 'c\n';
    }
    expect(await Array.fromAsync(readLineBatches(text()))).toEqual([['ä'], ['bc']]);
  });

  it.each([
    ['a lone continuation byte', [0x61, 0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a sequence that the line feed cuts', [0xe2, 0x82]],
  ])('refuses %s with the number of its line', async (_what, bad) => {
    const bytes = Buffer.concat([Buffer.from('one\ntwo\n'), Buffer.from(bad), Buffer.from('\nfour\n')]);
    for (const size of [1, 3, 65_536]) {
      const failure = await linesOf(bytes, [size]).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(MalformedLineError);
      expect(failure).toMatchObject({ code: 'LINE_MALFORMED', retryable: false, lineNumber: 3, message: expect.stringContaining('is no UTF-8') });
    }
  });

  it('refuses a last line without a line feed that is no UTF-8', async () => {
    await expect(linesOf(Buffer.from([0x61, 0x0a, 0xff]))).rejects.toMatchObject({ lineNumber: 2 });
  });

  it('refuses a line above the limit before it has all of it', async () => {
    await expect(linesOf(Buffer.from(`ok\n${'x'.repeat(100)}`), [10], { maxBytes: 30 })).rejects.toMatchObject({
      lineNumber: 2,
      reason: expect.stringMatching(/bytes or more; at most 30 are allowed/),
    });
  });

  it('refuses a line above the limit inside a large chunk, not the chunk', async () => {
    expect(await linesOf(Buffer.from('aaaa\nbbbb\ncccc\n'), undefined, { maxBytes: 4 })).toEqual(['aaaa', 'bbbb', 'cccc']);
    await expect(linesOf(Buffer.from('aaaa\nbbbbb\ncccc\n'), undefined, { maxBytes: 4 })).rejects.toMatchObject({ lineNumber: 2 });
  });
});
