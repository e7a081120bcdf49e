import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type InputFile, inputFiles } from '../../../infra/local/cluster/input-files.ts';
import { bySize, type InputSplit, lineSplits, textSplits } from '../../../infra/local/cluster/input-splits.ts';
import { LineEndFinder } from '../../../infra/local/cluster/line-end-finder.ts';
import { countLines, LineEnds } from '../../../infra/local/cluster/line-ends.ts';
import { readSplit, type SplitReaderOptions } from '../../../infra/local/cluster/split-reader.ts';
import { WholeLines } from '../../../infra/local/cluster/whole-lines.ts';

const PLAIN: SplitReaderOptions = { keepReturns: false, offsetSeparator: null };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'splits-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function file(content: Uint8Array | string, name = 'in.txt'): Promise<InputFile> {
  const path = join(directory, name);
  await writeFile(path, content);
  return { path, length: Buffer.byteLength(content) };
}

async function read(split: InputSplit, options = PLAIN): Promise<string> {
  return Buffer.concat(await Array.fromAsync(readSplit(split, options))).toString('latin1');
}

/** The lines as Hadoop's LineReader sees them, each ended by LF. */
function normalized(content: string): string {
  const text = content.replace(/\r\n|\r/g, '\n');
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

const content = fc.string({ unit: fc.constantFrom('a', 'b', '\r', '\n', '\t'), maxLength: 60 });
const SPLITS = { leastSize: 1, blockSize: 1000 };

describe('textSplits and readSplit', () => {
  it('give every line to exactly one mapper, wherever the splits are', async () => {
    await fc.assert(
      fc.asyncProperty(content, fc.integer({ min: 1, max: 30 }), async (text, maps) => {
        const splits = textSplits([await file(text)], { ...SPLITS, maps });
        const pieces = await Promise.all(splits.map(async (split) => await read(split)));
        expect(pieces.join('')).toBe(normalized(text));
      }),
      { numRuns: 150 },
    );
  });

  it('keep CR as data where LF is the record delimiter', async () => {
    await fc.assert(
      fc.asyncProperty(content, fc.integer({ min: 1, max: 9 }), async (text, maps) => {
        const splits = textSplits([await file(text)], { ...SPLITS, maps });
        const pieces = await Promise.all(splits.map(async (split) => await read(split, { ...PLAIN, keepReturns: true })));
        expect(pieces.join('')).toBe(text === '' || text.endsWith('\n') ? text : `${text}\n`);
      }),
      { numRuns: 60 },
    );
  });

  it('cut into about as many pieces as are hoped for, never below the least nor above a block', () => {
    const files = [
      { path: '/a', length: 1000 },
      { path: '/b', length: 100 },
      { path: '/c', length: 0 },
    ];
    const lengths = (maps: number, leastSize = 1, blockSize = 100_000): readonly number[] =>
      textSplits(files, { maps, leastSize, blockSize }).map(({ length }) => length);
    expect(lengths(2)).toEqual([550, 450, 100, 0]);
    expect(lengths(1)).toEqual([1000, 100, 0]);
    expect(lengths(11)).toEqual([100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 0]);
    expect(lengths(10, 400)).toEqual([400, 400, 200, 100, 0]);
    expect(lengths(1, 1, 300)).toEqual([300, 300, 300, 100, 100, 0]);
  });

  it('leave a last split a tenth larger rather than make a small one', () => {
    const splits = textSplits([{ path: '/a', length: 109 }], { maps: 1, leastSize: 1, blockSize: 100 });
    expect(splits.map(({ length }) => length)).toEqual([109]);
  });

  it('are in the order of size, the largest first, else as they were', () => {
    const splits = textSplits(
      [1, 5, 5, 9].map((length, at) => ({ path: `/${at}`, length })),
      { maps: 1, leastSize: 1, blockSize: 1000 },
    );
    expect(bySize(splits).map(({ path }) => path)).toEqual(['/3', '/1', '/2', '/0']);
  });

  it.each([
    ['a.gz', gzipSync],
    ['a.deflate', deflateSync],
  ])('read %s whole, in one split', async (name, compress) => {
    const text = 'one\rtwo\r\nthree'.repeat(1000);
    const packed = compress(Buffer.from(text));
    const input = await file(packed, name);
    const splits = textSplits([input], { ...SPLITS, maps: 10, blockSize: 10 });
    expect(splits).toHaveLength(1);
    expect(await read(splits[0] as InputSplit)).toBe(normalized(text));
  });

  it('read a gzip file of several members', async () => {
    const input = await file(Buffer.concat([gzipSync('a\n'), gzipSync('b\n')]), 'two.gz');
    expect(await read(textSplits([input], { ...SPLITS, maps: 1 })[0] as InputSplit)).toBe('a\nb\n');
  });

  it('fail at a gzip file that was cut off, rather than give less', async () => {
    const packed = gzipSync(Buffer.from('abcdefgh\n'.repeat(10_000)));
    const input = await file(packed.subarray(0, packed.length - 20), 'cut.gz');
    await expect(read(textSplits([input], { ...SPLITS, maps: 1 })[0] as InputSplit)).rejects.toThrow(/unexpected end of file/);
  });

  it('refuse what Hadoop would decompress and nothing here can', () => {
    expect(() => textSplits([{ path: '/a.bz2', length: 1 }], { ...SPLITS, maps: 1 })).toThrow(/reads plain files, \.gz, \.deflate and \.zst/);
  });

  it('take a byte order mark away at the start of a file alone', async () => {
    const [split] = textSplits([await file('\ufeffa\n\ufeffb\n')], { ...SPLITS, maps: 1 });
    expect(await read(split as InputSplit)).toBe(Buffer.from('a\n\ufeffb\n').toString('latin1'));
    const [only] = textSplits([await file('\ufeff', 'mark.txt')], { ...SPLITS, maps: 1 });
    expect(await read(only as InputSplit)).toBe('');
    const [short] = textSplits([await file(Buffer.from([0xef, 0xbb]), 'short.txt')], { ...SPLITS, maps: 1 });
    expect(await read(short as InputSplit)).toBe('\u00ef\u00bb\n');
  });
});

describe('lineSplits', () => {
  it('give so many lines to each mapper, and every line to one', async () => {
    // But for a first line that is one line end alone: see below.
    const ordinary = content.filter((text) => !/^(\n|\r(?!\n))/.test(text));
    await fc.assert(
      fc.asyncProperty(ordinary, fc.integer({ min: 1, max: 5 }), async (text, linesPerMap) => {
        const splits = await lineSplits([await file(text)], linesPerMap);
        const pieces = await Promise.all(splits.map(async (split) => await read(split)));
        expect(pieces.join('')).toBe(normalized(text));
        const lines = countLines(Buffer.from(normalized(text)));
        expect(splits).toHaveLength(Math.ceil(lines / linesPerMap));
        for (const piece of pieces.slice(0, -1)) expect(countLines(Buffer.from(piece))).toBe(linesPerMap);
      }),
      { numRuns: 150 },
    );
  });

  it('begin one byte early from the second on, as Hadoop has them', async () => {
    const splits = await lineSplits([await file('aaaa\nbb\ncccccc\n')], 1);
    expect(splits.map(({ start, length }) => [start, length])).toEqual([
      [0, 4],
      [4, 3],
      [7, 7],
    ]);
  });

  it('give an empty first line to two mappers at one line a mapper, as Hadoop does: a split that begins at 0 leaves nothing out', async () => {
    const splits = await lineSplits([await file('\na\n')], 1);
    expect(await Promise.all(splits.map(async (split) => await read(split)))).toEqual(['\n', '\na\n']);
  });

  it('give no split to an empty file', async () => {
    expect(await lineSplits([await file('')], 1)).toEqual([]);
  });

  it('refuse a compressed file, of which Hadoop would lose lines silently', async () => {
    await expect(lineSplits([await file(gzipSync('a\n'), 'a.gz')], 1)).rejects.toThrow(/loses rows silently; use TextInputFormat/);
  });
});

describe('offsets before lines', () => {
  it('are those of the lines in their file, however it is split', async () => {
    const text = 'aa\nb\r\n\nccc\rd';
    const expected = '0\taa\n3\tb\n6\t\n7\tccc\n11\td\n';
    for (let linesPerMap = 1; linesPerMap < 6; linesPerMap += 1) {
      const splits = await lineSplits([await file(text)], linesPerMap);
      const pieces = await Promise.all(splits.map(async (split) => await read(split, { keepReturns: false, offsetSeparator: Buffer.from('\t') })));
      expect(pieces.join('')).toBe(expected);
    }
  });

  it('count the byte order mark that is taken away', async () => {
    const own = { keepReturns: false, offsetSeparator: Buffer.from('\t') };
    const [split] = await lineSplits([await file('\ufeffa\nb\n')], 2);
    expect(await read(split as InputSplit, own)).toBe('0\ta\n5\tb\n');
    const [only] = await lineSplits([await file('\ufeff', 'mark.txt')], 2);
    expect(await read(only as InputSplit, own)).toBe('');
  });
});

describe('line ends', () => {
  it('are LF alone after LineEnds, however the stream is cut', () => {
    fc.assert(
      fc.property(content, fc.integer({ min: 1, max: 9 }), (text, size) => {
        const ends = new LineEnds();
        let result = '';
        for (let at = 0; at < text.length; at += size) result += ends.push(Buffer.from(text.slice(at, at + size))).toString();
        expect(result + ends.end().toString()).toBe(normalized(text));
      }),
    );
  });

  it('are found at the same places, however the stream is cut', () => {
    fc.assert(
      fc.property(content, fc.integer({ min: 1, max: 9 }), fc.boolean(), (text, size, keepReturns) => {
        const finder = new LineEndFinder(keepReturns, 100);
        const found: number[] = [];
        for (let at = 0; at < text.length; at += size) found.push(...finder.push(Buffer.from(text.slice(at, at + size))));
        const expected = [...text.matchAll(keepReturns ? /\n/g : /\r\n|\r|\n/g)].map((match) => 100 + match.index + match[0].length);
        const endsInReturn = !keepReturns && text.endsWith('\r');
        expect(found).toEqual(endsInReturn ? expected.slice(0, -1) : expected);
        expect(finder.end()).toBe(100 + text.length);
      }),
    );
  });

  it('pass data without CR on as it is', () => {
    const chunk = Buffer.from('a\nb');
    expect(new LineEnds().push(chunk)).toBe(chunk);
    expect(new LineEnds(true).push(Buffer.from('a\rb'))).toEqual(Buffer.from('a\rb'));
  });

  it('complete the pieces of WholeLines', () => {
    const whole = new WholeLines();
    const pieces = ['a', 'b\nc', '', 'd', 'e\nf\n', 'g'].map((chunk) => whole.push(Buffer.from(chunk)).toString());
    expect(pieces).toEqual(['', 'ab\n', '', '', 'cde\nf\n', '']);
  });
});

describe('inputFiles', () => {
  it('lists a directory in byte order, without hidden files', async () => {
    for (const name of ['b', 'B', 'é', '_x', '.y', 'a-1']) await file('1', name);
    const names = (paths: readonly InputFile[]): readonly string[] => paths.map(({ path }) => path.slice(directory.length + 1));
    expect(names(await inputFiles([directory]))).toEqual(['B', 'a-1', 'b', 'é']);
    expect(names(await inputFiles([join(directory, '_x'), join(directory, 'b')]))).toEqual(['_x', 'b']);
    expect(names(await inputFiles([`${directory}/{a,b}*`]))).toEqual(['a-1', 'b']);
    expect(names(await inputFiles([`file://${directory}/?`]))).toEqual(['B', 'b', 'é']);
  });

  it('takes a name with signs of a pattern for itself where it exists', async () => {
    const input = await file('1', 'a[1]*');
    expect(await inputFiles([input.path])).toEqual([input]);
  });

  it('refuses what is missing, a pattern of nothing, and a directory in a directory', async () => {
    await expect(inputFiles([join(directory, 'no')])).rejects.toThrow(`Input path does not exist: file:${directory}/no`);
    await expect(inputFiles([join(directory, 'no*')])).rejects.toThrow(/matches 0 files/);
    await mkdir(join(directory, 'deep'));
    await expect(inputFiles([directory])).rejects.toThrow(/Not a file: .*deep/);
  });
});
