import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AttemptLog } from '../../../infra/local/cluster/attempt-log.ts';
import { compressionNamed, compressionOf } from '../../../infra/local/cluster/compression.ts';
import { JobProperties } from '../../../infra/local/cluster/job-properties.ts';
import { PartFile, type PartFileOptions } from '../../../infra/local/cluster/part-file.ts';
import { formatLines, recordForm } from '../../../infra/local/cluster/record-form.ts';
import { ReporterLines } from '../../../infra/local/cluster/reporter-lines.ts';
import { StepTally } from '../../../infra/local/cluster/step-tally.ts';

const TAB = Buffer.from('\t');

function form(more: Readonly<Record<string, string>> = {}) {
  return recordForm(new JobProperties(new Map(Object.entries(more))), 'map');
}

describe('formatLines', () => {
  it.each([
    ['a\tb\tc\nd\n\n', {}, 'a\tb\tc\nd\t\n\t\n'],
    ['a\tb\tc\nd\te\n', { 'stream.num.map.output.key.fields': '2' }, 'a\tb\tc\nd\te\t\n'],
    ['a\tb\nc\n', { 'stream.map.output': 'keyonlytext' }, 'a\tb\nc\n'],
    ['a.b.c\nd\n.e\n', { 'stream.map.output.field.separator': '.' }, 'a\tb.c\nd\t\n\te\n'],
    ['a::b\n', { 'stream.map.output.field.separator': '::' }, 'a\tb\n'],
  ])('writes %j under %j', (lines, properties, expected) => {
    expect(formatLines(form(properties), TAB, Buffer.from(lines)).toString()).toBe(expected);
  });

  it('writes another separator where one is asked for', () => {
    expect(formatLines(form(), Buffer.from('|'), Buffer.from('a\tb\tc\nd\n')).toString()).toBe('a|b\tc\nd|\n');
  });

  it('gives lines that need nothing back as they are', () => {
    const lines = Buffer.from('a\tb\nc\td\n');
    expect(formatLines(form(), TAB, lines)).toBe(lines);
  });
});

describe('PartFile', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'part-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  function part(more: Partial<PartFileOptions> = {}): { readonly file: PartFile; readonly seen: Buffer[] } {
    const seen: Buffer[] = [];
    const file = new PartFile({
      directory,
      name: 'part-00000',
      form: form(),
      separator: TAB,
      compression: null,
      lazy: false,
      onLines: (bytes) => seen.push(bytes),
      ...more,
    });
    return { file, seen };
  }

  it('writes the same file however the output is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom('a', '\t', '\n', '\r'), maxLength: 30 }), fc.integer({ min: 1, max: 7 }), async (text, size) => {
        const name = `part-${Math.random()}`;
        const { file } = part({ name });
        for (let at = 0; at < text.length; at += size) await file.write(Buffer.from(text.slice(at, at + size)));
        expect(await file.finish()).toBe(true);
        const plain = text.replace(/\r\n|\r/g, '\n');
        const lines = plain === '' ? [] : plain.replace(/\n$/, '').split('\n');
        expect(await readFile(join(directory, name), 'utf8')).toBe(lines.map((line) => `${line}${line.includes('\t') ? '' : '\t'}\n`).join(''));
      }),
      { numRuns: 60 },
    );
  });

  it('ends a last line, and tells of every byte before it is compressed', async () => {
    const codec = compressionNamed('org.apache.hadoop.io.compress.GzipCodec');
    const { file, seen } = part({ compression: { ...codec, compress: codec.compressAt() }, name: 'part-00000.gz' });
    await file.write(Buffer.from('a\tb'));
    await file.finish();
    expect(gunzipSync(await readFile(join(directory, 'part-00000.gz'))).toString()).toBe('a\tb\n');
    expect(Buffer.concat(seen).toString()).toBe('a\tb\n');
  });

  it('is compressed at the level that zlib.compress.level names, and at no other', () => {
    const codec = compressionNamed('org.apache.hadoop.io.compress.GzipCodec');
    const level = (name?: string) => (codec.compressAt(name)() as Transform & { readonly _level: number })._level;
    expect([level('BEST_SPEED'), level('SIX'), level('BEST_COMPRESSION'), level('DEFAULT_COMPRESSION'), level()]).toEqual([1, 6, 9, -1, -1]);
    expect(() => level('FASTEST')).toThrow(/zlib.compress.level is FASTEST; known are DEFAULT_COMPRESSION, NO_COMPRESSION, BEST_SPEED/);
  });

  it('is compressed by Zstandard at the level that io.compression.codec.zstd.level names', async () => {
    const codec = compressionNamed('org.apache.hadoop.io.compress.ZStandardCodec');
    const rows = Array.from({ length: 20_000 }, (_, row) => `folder/${row * 7919}\t${row}\n`).join('');
    const packed = async (level?: string) => buffer(Readable.from([Buffer.from(rows)]).pipe(codec.compressAt(level)()));
    const [fast, usual] = await Promise.all([packed('1'), packed()]);
    expect(zstdDecompressSync(usual).toString()).toBe(rows);
    expect(fast.length).not.toBe(usual.length);
    expect(usual).toEqual(await packed('3'));
    expect(await text(Readable.from([fast]).pipe(compressionOf('/part-00000.zst')?.decompress() as Transform))).toBe(rows);
    for (const level of ['0', '23', 'BEST_SPEED']) expect(() => codec.compressAt(level)).toThrow(/io.compression.codec.zstd.level is .*; known are 1 to 22/);
  });

  it('is empty without output, or absent where it is lazy', async () => {
    expect(await part().file.finish()).toBe(true);
    expect(await part({ name: 'lazy', lazy: true }).file.finish()).toBe(false);
    expect(await readdir(directory)).toEqual(['part-00000']);
  });

  it('fails where it cannot be written', async () => {
    const { file } = part({ directory: '/dev/null/no' });
    await expect(file.write(Buffer.from('a\tb\n'))).rejects.toThrow(/ENOTDIR/);
    file.destroy();
  });
});

describe('ReporterLines', () => {
  function ears(prefix = 'reporter:') {
    const heard: string[] = [];
    const lines = new ReporterLines({
      prefix,
      counter: (group, name, amount) => heard.push(`${group}/${name}=${amount}`),
      status: (text) => heard.push(`status ${text}`),
      log: (text) => heard.push(`log ${text}`),
    });
    return { heard, lines };
  }

  it('tells reports from the log, however the stream is cut', () => {
    const text = 'reporter:counter:g,n m,3\nplain\nmore\r\nreporter:status: half \nreporter:counter:g,x,1';
    const whole = ears();
    whole.lines.push(Buffer.from(text));
    whole.lines.end();
    expect(whole.heard).toEqual(['g/n m=3', 'status half', 'log plain\nmore\n', 'g/x=1']);
    const cut = ears();
    for (const byte of Buffer.from(text)) cut.lines.push(Buffer.from([byte]));
    cut.lines.end();
    cut.lines.end();
    expect(cut.heard).toEqual(['g/n m=3', 'log plain\n', 'log more\n', 'status half', 'g/x=1']);
  });

  it('drops reports that cannot be read, as Hadoop does', () => {
    const { heard, lines } = ears();
    lines.push(Buffer.from('reporter:counter:a,b\nreporter:counter:a,b,c,1\nreporter:counter:a,b,x\nreporter:other\nreporter:counter:a,b,-2\n'));
    expect(heard).toEqual(['a/b=-2']);
  });

  it('takes another prefix', () => {
    const { heard, lines } = ears('::');
    lines.push(Buffer.from('::status:x\nreporter:status:y\n'));
    expect(heard).toEqual(['status x', 'log reporter:status:y\n']);
  });
});

describe('AttemptLog', () => {
  it('keeps the last lines whole', () => {
    const log = new AttemptLog(null);
    for (let line = 0; line < 2000; line += 1) log.add(`line ${line}\n`);
    expect(log.tail.length).toBeLessThanOrEqual(8000);
    expect(log.tail).toMatch(/^line \d+\n/);
    expect(log.tail.endsWith('line 1999\n')).toBe(true);
  });

  it('loses nothing but itself where its file cannot be written', async () => {
    const log = new AttemptLog('/dev/null/no/log');
    log.add('a\n');
    await log.written();
    expect(log.tail).toBe('a\n');
  });
});

describe('StepTally', () => {
  it('shows what programs say of themselves, and lines where they say nothing', () => {
    const tally = new StepTally();
    const [ours, other, lost] = [tally.begin(), tally.begin(), tally.begin()];
    ours.linesIn = 100;
    ours.linesOut = 3;
    ours.count('carillon', 'records in', 4);
    ours.count('carillon', 'bytes', 70);
    other.linesIn = 50;
    other.linesOut = 50;
    lost.linesOut = 9;
    tally.forget(lost);
    tally.total = 150;
    expect(tally.progress).toEqual({ recordsIn: 4, recordsOut: 53, bytes: 70, total: 150 });
    other.finished = true;
    expect(tally.progress.recordsIn).toBe(54);
  });
});
