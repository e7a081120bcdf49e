import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byteOrder } from '../../../infra/local/cluster/key-order.ts';
import { mergeRuns } from '../../../infra/local/cluster/merge-runs.ts';
import { ShuffleOutput } from '../../../infra/local/cluster/shuffle-output.ts';
import type { ShuffleRules } from '../../../infra/local/cluster/sort-run.ts';
import type { SpilledRun } from '../../../infra/local/cluster/spill-file.ts';

const TAB = Buffer.from('\t');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shuffle-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

function rules(more: Partial<ShuffleRules> = {}): ShuffleRules {
  const form = { keyOnly: false, separator: TAB, keyFields: 1 };
  const partition = (bytes: Buffer, start: number, end: number): number => (end > start ? (bytes[start] as number) % 3 : 0);
  return { form, inputSeparator: TAB, partition, reduces: 3, order: byteOrder, ...more };
}

let attempts = 0;
async function shuffled(own: ShuffleRules, text: Buffer, memoryBytes: number, chunk = 7): Promise<readonly SpilledRun[]> {
  attempts += 1;
  const output = new ShuffleOutput(own, join(directory, `attempt-${attempts}`), memoryBytes);
  for (let at = 0; at < text.length; at += chunk) await output.write(text.subarray(at, at + chunk));
  return await output.finish();
}

async function merged(runs: readonly SpilledRun[], partition: number, order = byteOrder): Promise<string> {
  const parts = runs.flatMap((run) => run[partition] ?? []);
  const scratch = await mkdtemp(join(directory, 'merge-'));
  const chunks = await Array.fromAsync(mergeRuns(parts, order, scratch));
  return Buffer.concat(chunks).toString('latin1');
}

describe('the shuffle', () => {
  it('brings every row to its partition in the order of the keys, whatever is spilled when', async () => {
    const row = fc.tuple(
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\u0001', 'é'), maxLength: 4 }),
      fc.option(fc.string({ unit: 'binary-ascii', maxLength: 6 })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 60 }), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 50 }), async (rows, memory, chunk) => {
        const lines = rows.map(([key, value]) => [key, value?.replace(/[\n\t]/g, ' ') ?? null] as const);
        const text = Buffer.from(lines.map(([key, value]) => `${key}${value === null ? '' : `\t${value}`}\n`).join(''));
        const runs = await shuffled(rules(), text, memory, chunk);
        for (let partition = 0; partition < 3; partition += 1) {
          const own = lines.filter(([key]) => (key === '' ? 0 : (Buffer.from(key)[0] as number) % 3) === partition);
          const expected = own.map(([key, value], at) => ({ key: Buffer.from(key), line: Buffer.from(`${key}\t${value ?? ''}\n`).toString('latin1'), at }));
          expected.sort((a, b) => Buffer.compare(a.key, b.key) || a.at - b.at);
          expect(await merged(runs, partition)).toBe(expected.map(({ line }) => line).join(''));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('merges more runs than it reads at once', async () => {
    const one = rules({ partition: () => 0, reduces: 1 });
    const keys = Array.from({ length: 300 }, (_, at) => String((at * 7919) % 300).padStart(4, '0'));
    const runs = await shuffled(one, Buffer.from(keys.map((key) => `${key}\tx\n`).join('')), 1, 7);
    expect(runs.length).toBeGreaterThan(200);
    expect(await merged(runs, 0)).toBe(
      [...keys]
        .sort()
        .map((key) => `${key}\tx\n`)
        .join(''),
    );
  });

  it('carries lines larger than every buffer', async () => {
    const large = ['b', 'a', 'c'].map((key) => `${key}\t${key.repeat(3_000_000)}\n`);
    const runs = await shuffled(rules({ partition: () => 0, reduces: 1 }), Buffer.from(large.join('')), 1024, 65_536);
    const text = await merged(runs, 0);
    expect(text === [...large].sort().join('')).toBe(true);
  });

  it('does not take the separator for part of the order of keys', async () => {
    const runs = await shuffled(rules({ partition: () => 0, reduces: 1 }), Buffer.from('a\u0001\tx\na\ty\n'), 1024);
    expect(await merged(runs, 0)).toBe('a\ty\na\u0001\tx\n');
  });

  it('takes as many fields as the key has, and adds a separator where there are fewer', async () => {
    const two = rules({ form: { keyOnly: false, separator: TAB, keyFields: 2 }, partition: () => 0, reduces: 1 });
    expect(await merged(await shuffled(two, Buffer.from('b\t2\tz\nb\t1\tz\na\nb\n'), 1024), 0)).toBe('a\t\nb\t\nb\t1\tz\nb\t2\tz\n');
  });

  it('gives the reducer its own separator', async () => {
    const dots = rules({ form: { keyOnly: false, separator: Buffer.from('.'), keyFields: 1 }, partition: () => 0, reduces: 1 });
    expect(await merged(await shuffled(dots, Buffer.from('b.x.y\na\n'), 1024), 0)).toBe('a\t\nb\tx.y\n');
    const long = rules({ form: { keyOnly: false, separator: Buffer.from('::'), keyFields: 2 }, partition: () => 0, reduces: 1 });
    expect(await merged(await shuffled(long, Buffer.from('a::b::c\na:b::c\n'), 1024), 0)).toBe('a::b\tc\na:b::c\t\n');
  });

  it('has no value for a keyonlytext line', async () => {
    const keyOnly = rules({ form: { keyOnly: true, separator: TAB, keyFields: 1 }, partition: () => 0, reduces: 1 });
    expect(await merged(await shuffled(keyOnly, Buffer.from('b\tx\na\n'), 1024), 0)).toBe('a\t(null)\nb\tx\t(null)\n');
  });

  it('sorts by another order where one is asked for', async () => {
    const backwards: typeof byteOrder = (a, aStart, aEnd, b, bStart, bEnd) => byteOrder(b, bStart, bEnd, a, aStart, aEnd);
    const own = rules({ partition: () => 0, reduces: 1, order: backwards });
    expect(await merged(await shuffled(own, Buffer.from('a\t1\nc\t1\nb\t1\na\t2\n'), 10), 0, backwards)).toBe('c\t1\nb\t1\na\t1\na\t2\n');
  });

  it('writes nothing for nothing', async () => {
    expect(await shuffled(rules(), Buffer.alloc(0), 10)).toEqual([]);
    expect(await readdir(directory)).toEqual([]);
    expect(await merged([], 0)).toBe('');
  });

  it('does not pass over a run that was cut off', async () => {
    const [run] = await shuffled(rules({ partition: () => 0, reduces: 1 }), Buffer.from('a\t1\nb\t2\n'), 1024);
    const part = run?.[0];
    if (part === null || part === undefined) throw new Error('a part was expected');
    await expect(merged([[{ ...part, to: part.to + 9 }]], 0)).rejects.toThrow(/a sorted run was cut off/);
  });
});
