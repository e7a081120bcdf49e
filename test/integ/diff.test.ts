import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diffCounts } from '../../emr-steps/records/diff-counts.ts';
import { type ObjectRecord, objectRecord } from '../../emr-steps/records/object-record.ts';
import { runHiveScript } from '../../infra/local/diff/hive-script.ts';
import { countLines, partFiles } from '../../infra/local/diff/listing-files.ts';
import { type DiffInput, type DiffResources, runDiff } from '../../infra/local/diff/run-diff.ts';
import { ODD_KEYS, objectRecords } from '../unit/records/arbitraries.ts';

const NEVER = new AbortController().signal;
const [E1, E2] = ['d41d8cd98f00b204e9800998ecf8427e', 'e2fc714c4727ee9395f324cd2e7f331f'];

let folder: string;
let outputs = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-[diff]*-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const BLANK = { storageClass: 'STANDARD', checksumAlgorithm: null, checksumType: null, versionId: null, isDeleteMarker: null, restoreStatus: null };
const listed = (key: string, change: Partial<ObjectRecord> = {}): string =>
  objectRecord.encode({ key, etag: E1, size: 10, mtime: '2015-12-24 05:26:19', ...BLANK, ...change });

/** Writes a file of lines; by suffix plain or gzip. */
function write(name: string, lines: readonly string[]): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  const text = lines.map((line) => `${line}\n`).join('');
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(text) : text);
  return file;
}

/** The rows, each with its verdict behind it. */
function judgedRowsOf(output: string, name: string): readonly string[] {
  return readFileSync(join(output, name, 'part-00000'), 'utf8')
    .split('\n')
    .slice(0, -1)
    .toSorted();
}

function rowsOf(output: string, name: string): readonly string[] {
  return judgedRowsOf(output, name)
    .map((row) => row.slice(0, row.lastIndexOf('\t')))
    .toSorted();
}

interface Result {
  readonly counts: string;
  readonly toCopy: readonly string[];
  readonly extra: readonly string[];
}

async function diff(input: Partial<DiffInput>, resources: DiffResources = {}): Promise<Result> {
  outputs += 1;
  const output = join(folder, `output-${outputs}`);
  const extras = input.extras ?? true;
  const counts = await runDiff({ source: [], destination: [], ...input, output, extras }, { threads: 2, ...resources }, NEVER);
  return { counts: diffCounts.encode(counts), toCopy: rowsOf(output, 'to-copy'), extra: extras ? rowsOf(output, 'extra') : [] };
}

/** The diff, said plainly. */
function plainDiff(source: readonly ObjectRecord[], destination: readonly ObjectRecord[]): Result {
  const there = new Map(destination.map((record) => [record.key, record]));
  const here = new Set(source.map((record) => record.key));
  const verdict = (record: ObjectRecord): string => {
    const other = there.get(record.key);
    return other === undefined ? 'missing' : other.etag !== record.etag || other.size !== record.size ? 'different' : 'unchanged';
  };
  const tally = (records: readonly ObjectRecord[]): readonly [number, string] => [
    records.length,
    String(records.reduce((sum, record) => sum + BigInt(record.size), 0n)),
  ];
  const of = (name: string): readonly ObjectRecord[] => source.filter((record) => verdict(record) === name);
  const extra = destination.filter((record) => !here.has(record.key));
  const counts = [...['missing', 'different', 'unchanged'].flatMap((name) => tally(of(name))), ...tally(extra), 0].join('\t');
  return {
    counts: diffCounts.encode(diffCounts.decode(counts)),
    toCopy: [...of('missing'), ...of('different')].map(objectRecord.encode).toSorted(),
    extra: extra.map(objectRecord.encode).toSorted(),
  };
}

describe('the diff on DuckDB', () => {
  test('gives every row of the source its verdict, and those of the destination that are extra', async () => {
    const source = [listed('new'), listed('etag'), listed('size'), listed('same'), listed('mtime only')];
    const destination = [
      listed('etag', { etag: E2 }),
      listed('size', { size: 11 }),
      listed('same'),
      listed('mtime only', { mtime: '2020-01-01 00:00:00', storageClass: 'GLACIER' }),
      listed('gone', { size: 7 }),
    ];
    expect(await diff({ source: [write('s/part-00000', source)], destination: [write('d/part-00000', destination)] })).toEqual({
      counts: '1\t10\t2\t20\t2\t20\t1\t7\t0',
      toCopy: [listed('etag'), listed('new'), listed('size')],
      extra: [listed('gone', { size: 7 })],
    });
    const output = join(folder, `output-${outputs}`);
    expect(judgedRowsOf(output, 'to-copy')).toEqual([`${listed('etag')}\tdifferent`, `${listed('new')}\tmissing`, `${listed('size')}\tdifferent`]);
    expect(judgedRowsOf(output, 'extra')).toEqual([`${listed('gone', { size: 7 })}\textra`]);
  });

  test('carries every key and column byte for byte, whichever line is the first of its file', async () => {
    for (const first of ['plain', '\ufeffbom', ' ']) {
      const keys = [first, ...ODD_KEYS.filter((key) => key !== first)];
      const lines = keys.map((key) => listed(key));
      const result = await diff({ source: [write(`s${keys.indexOf('\ufeffbom')}/part-00000`, lines)] });
      expect(result.toCopy).toEqual(lines.toSorted());
    }
  });

  test('carries a line ten times as long as the longest key, and fails at one that no reader holds', async () => {
    const long = (bytes: number) => listed('\u0001'.repeat(1_024), { restoreStatus: 'x'.repeat(bytes) });
    const lines = [listed('a'), long(30_000), listed('z')];
    expect((await diff({ source: [write('s/part-00000', lines)] })).toCopy).toEqual(lines.toSorted());
    const source = [write('t/part-00000', [listed('a'), long(2_000_000), listed('z')])];
    await expect(diff({ source })).rejects.toThrow(expect.objectContaining({ code: 'DIFF_FAILED', message: expect.stringContaining('CSV Error on Line: 2') }));
  });

  test('agrees with the plain comparison on any two listings', async () => {
    const side = fc.uniqueArray(objectRecords, { selector: (record) => record.key, maxLength: 30 });
    const change = fc.record({ etag: fc.constantFrom(E1, E2, null), size: fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER) });
    await fc.assert(
      fc.asyncProperty(side, side, fc.array(change), async (source, destination, changes) => {
        // Keys that both sides have, changed or not.
        const common = source.filter((record) => !destination.some((other) => other.key === record.key)).slice(0, changes.length);
        const there = [...destination, ...common.map((record, n) => ({ ...record, ...changes[n] }))];
        const files = {
          source: [write('s/part-00000', source.map(objectRecord.encode))],
          destination: [write('d/part-00000', there.map(objectRecord.encode))],
        };
        expect(await diff(files)).toEqual(plainDiff(source, there));
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  test('finds a row different whose ETag is null on one side, and unchanged where it is on both', async () => {
    const source = [listed('here', { etag: null }), listed('there'), listed('both', { etag: null })];
    const destination = [listed('here'), listed('there', { etag: null }), listed('both', { etag: null })];
    const result = await diff({ source: [write('s/part-00000', source)], destination: [write('d/part-00000', destination)] });
    expect(result.toCopy).toEqual([listed('here', { etag: null }), listed('there')].toSorted());
    expect(result.counts).toBe('0\t0\t2\t20\t1\t10\t0\t0\t0');
  });

  test('without extras counts none and writes none', async () => {
    const files = { source: [write('s/part-00000', [listed('a')])], destination: [write('d/part-00000', [listed('a'), listed('gone')])] };
    expect(await diff({ ...files, extras: false })).toEqual({ counts: '0\t0\t0\t0\t1\t10\t0\t0\t0', toCopy: [], extra: [] });
    expect(existsSync(join(folder, `output-${outputs}`, 'extra'))).toBe(false);
  });

  test('by size alone takes objects of other ETags for unchanged', async () => {
    const files = {
      source: [write('s/part-00000', [listed('a'), listed('b')])],
      destination: [write('d/part-00000', [listed('a', { etag: E2 }), listed('b', { size: 1 })])],
    };
    expect((await diff({ ...files, compare: 'size' })).toCopy).toEqual([listed('b')]);
  });

  test.each([
    ['no files', [], []],
    ['empty files', ['s/part-00000'], ['d/part-00000', 'd/part-00001.gz']],
  ])('takes %s for empty listings', async (_what, source, destination) => {
    const files = { source: source.map((name) => write(name, [])), destination: destination.map((name) => write(name, [])) };
    expect(await diff(files)).toEqual({ counts: '0\t0\t0\t0\t0\t0\t0\t0\t0', toCopy: [], extra: [] });
    const one = [write('one/part-00000', [listed('a')])];
    expect((await diff({ ...files, source: one })).counts).toBe('1\t10\t0\t0\t0\t0\t0\t0\t0');
    expect((await diff({ ...files, destination: one })).counts).toBe('0\t0\t0\t0\t0\t0\t1\t10\t0');
  });

  test('reads plain and gzip files together, also of several members', async () => {
    const lines = ['a', 'b', 'c', 'd'].map((key) => listed(key));
    const packed = write('s/part-00001.gz', lines.slice(1, 2));
    appendFileSync(packed, gzipSync(`${lines[2]}\n`));
    const source = [write('s/part-00000', lines.slice(0, 1)), packed, write('s/part-00002', lines.slice(3))];
    expect((await diff({ source })).toCopy).toEqual(lines);
  });

  test('spills within a memory limit, and leaves nothing behind', async () => {
    const keys = Array.from({ length: 200_000 }, (_, n) => `some/long/prefix/of/every/key/${n}`);
    const files = {
      source: [
        write(
          's/part-00000',
          keys.map((key) => listed(key)),
        ),
      ],
      destination: [
        write(
          'd/part-00000',
          keys.map((key) => listed(key, { etag: E2 })),
        ),
      ],
    };
    mkdirSync(join(folder, 'spill'));
    const result = await diff(files, { memoryLimitBytes: 150_000_000, spillDirectory: join(folder, 'spill') });
    expect(result.counts).toBe('0\t0\t200000\t2000000\t0\t0\t0\t0\t0');
    expect(readdirSync(join(folder, 'spill'))).toEqual([]);
  });

  test('fails where the memory limit is too small for anything', async () => {
    const source = [write('s/part-00000', [listed('a')])];
    await expect(diff({ source }, { memoryLimitBytes: 1_000_000 })).rejects.toThrow(
      expect.objectContaining({ code: 'DIFF_FAILED', message: expect.stringContaining('DuckDB: ') }),
    );
  });
});

describe('a damaged listing stops the diff', () => {
  const one = listed('a');

  test.each([
    ['a row that is too short', [one, one.split('\t').slice(0, 9).join('\t')], 'Expected Number of Columns: 10 Found: 9'],
    ['a row that is too long', [`${one}\tlater`], 'Expected Number of Columns: 10 Found: 11'],
    ['a row with an empty column too many', [one, `${one}\t`], 'line 2 has 11 columns, 10 are needed'],
    ['an empty line', [one, '', listed('b')], 'line 2 is empty'],
    ['an empty first line', ['', one], 'line 1 is empty'],
  ])('%s', async (_what, lines, message) => {
    await expect(diff({ source: [write('s/part-00000', lines)] })).rejects.toThrow(message);
    await expect(diff({ destination: [write('d/part-00000', lines)] })).rejects.toThrow(message);
  });

  test('but not one whose last column is empty, wherever a chunk of the file ends', async () => {
    const lines = Array.from({ length: 40_000 }, (_, n) => listed(`${n}`, { restoreStatus: '' }));
    expect(await countLines(write('s/part-00000', lines), 10, NEVER)).toBe(40_000);
    await expect(countLines(write('t/part-00000', [...lines, `${lines[0]}\t`]), 10, NEVER)).rejects.toThrow('line 40001 has 11 columns');
  });

  test('a file whose last line has no end', async () => {
    const file = write('s/part-00000', [one, listed('b')]);
    truncateSync(file, readFileSync(file).length - 1);
    await expect(diff({ source: [file] })).rejects.toThrow(`${file}: its last line has no end; it was cut short`);
  });

  test('a gzip file that was cut short, wherever', async () => {
    const whole = gzipSync(Array.from({ length: 500 }, (_, n) => `${listed(`key ${n} ${Math.sin(n)}`)}\n`).join(''));
    for (let length = 1; length < whole.length; length += 97) {
      const file = join(folder, 'cut.gz');
      writeFileSync(file, whole.subarray(0, length));
      await expect(countLines(file, 10, NEVER), `${length} bytes`).rejects.toThrow('it cannot be read to its end');
    }
  });

  test('a gzip file that holds another byte', async () => {
    const file = write('s/part-00000.gz', [one]);
    const bytes = readFileSync(file);
    bytes[bytes.length - 6] = (bytes[bytes.length - 6] as number) ^ 1;
    writeFileSync(file, bytes);
    await expect(diff({ source: [file] })).rejects.toThrow(expect.objectContaining({ code: 'LISTING_DAMAGED', file }));
  });

  test('a file that is not there', async () => {
    await expect(diff({ source: [join(folder, 'none')] })).rejects.toThrow('it cannot be read to its end: ENOENT');
  });

  test('a key that is listed twice, on either side', async () => {
    const twice = [write('t/part-00000', [one, one])];
    const once = [write('o/part-00000', [one])];
    await expect(diff({ source: once, destination: twice })).rejects.toThrow('a key is listed twice at the destination');
    await expect(diff({ source: twice, destination: once })).rejects.toThrow('a key is listed twice in the source');
  });

  test('a row without a key', async () => {
    await expect(diff({ source: [write('s/part-00000', [one.replace('a', '\\N')])] })).rejects.toThrow('1 rows have no key: a listing is damaged');
  });

  test('a row that is no UTF-8, or holds a carriage return', async () => {
    const file = write('s/part-00000', [one]);
    writeFileSync(file, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${one}\n`)]));
    await expect(diff({ source: [file] })).rejects.toThrow('DuckDB: ');
    await expect(diff({ source: [write('r/part-00000', [one.replace('a', 'a\rb')])] })).rejects.toThrow('DuckDB: ');
  });
});

describe('the output folder', () => {
  test('must be fresh: old rows would pass for new ones', async () => {
    const output = join(folder, 'used');
    mkdirSync(output);
    writeFileSync(join(output, 'something'), '');
    await expect(runDiff({ source: [], destination: [], output, extras: true }, {}, NEVER)).rejects.toThrow(`${output} is not empty; give a fresh folder`);
  });

  test('is left alone by a diff that is stopped', async () => {
    const abort = new AbortController();
    abort.abort(new Error('told to end'));
    const input = { source: [write('s/part-00000', [listed('a')])], destination: [], output: join(folder, 'o'), extras: false };
    await expect(runDiff(input, {}, abort.signal)).rejects.toThrow('told to end');
  });
});

describe('a hive-script step on one machine', () => {
  const step = (change: readonly string[] = []): readonly string[] => [
    'hive-script',
    '--run-hive-script',
    '--args',
    '-f',
    'diff.hql',
    '-d',
    `SOURCE=file://${join(folder, 'source').replaceAll('[', '%5B').replaceAll(']', '%5D').replaceAll('*', '%2A')}`,
    '-d',
    `DESTINATION=${join(folder, 'destination')}`,
    '-d',
    `OUTPUT=${join(folder, 'diff')}`,
    ...change,
  ];

  test('runs with the values of its definitions, and says what it does not obey', async () => {
    write('source/part-00000', [listed('a'), listed('b')]);
    write('source/part-00001.gz', [listed('c')]);
    write('source/_SUCCESS', []);
    write('source/.part-00000.crc', ['junk']);
    write('destination/part-00000', [listed('a')]);
    const said: string[] = [];
    const counts = await runHiveScript(step(['-d', 'RUN=r1', '-d', 'EXTRAS=true']), { ignore: (argument) => void said.push(argument) }, NEVER);
    expect(diffCounts.encode(counts)).toBe('2\t20\t0\t0\t1\t10\t0\t0\t0');
    expect(rowsOf(join(folder, 'diff'), 'to-copy')).toEqual([listed('b'), listed('c')]);
    expect(readFileSync(join(folder, 'diff/counts/part-00000'), 'utf8')).toBe('2\t20\t0\t0\t1\t10\t0\t0\t0\n');
    expect(said).toEqual(['-f diff.hql', '-d RUN=r1']);
  });

  test('refuses a place that is no path', async () => {
    await expect(runHiveScript(step(['-d', 'SOURCE=s3://bucket/a']), { ignore: () => undefined }, NEVER)).rejects.toThrow('s3://bucket/a is no path');
  });

  test('refuses a listing that is not there, or holds what it would not read', async () => {
    await expect(runHiveScript(step(), { ignore: () => undefined }, NEVER)).rejects.toThrow('it is no folder that can be read');
    for (const name of ['part-00000.bz2', 'rows.tsv', 'part-00000/part-00000']) {
      write(`odd/${name}`, [listed('a')]);
      await expect(partFiles(join(folder, 'odd'))).rejects.toThrow('it is no part of a listing');
      rmSync(join(folder, 'odd'), { recursive: true });
    }
  });
});
