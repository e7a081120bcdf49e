import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measure } from '../../../bench/measure.ts';
import { spreadOf } from '../../../bench/spread.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-measure-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A program that uses this much processor time and memory. */
function busy(seconds: number, mebibytes: number): string {
  const script = `const b=Buffer.alloc(${mebibytes}*1048576,1);while(process.cpuUsage().user<${seconds}e6);console.log(b.length)`;
  return `'${process.execPath}' -e '${script}'`;
}

describe('measuring a command', () => {
  it('adds up the processor time of every process below it, joined by pipes or not', async () => {
    const line = `${busy(0.3, 1)} | cat; ${busy(0.3, 1)} & wait`;
    const { user, system, exitCode } = await measure({ line, cwd: folder, env: { PATH: process.env.PATH ?? '' }, output: join(folder, 'tree') });
    expect(exitCode).toBe(0);
    expect(user + system).toBeGreaterThanOrEqual(0.55);
    expect(await readFile(join(folder, 'tree'), 'utf8')).toBe('1048576\n1048576\n');
  });

  it('sees the memory of the whole tree at its peak, and of the largest process', async () => {
    const line = `${busy(0.5, 100)} & ${busy(0.5, 150)} & wait`;
    const { memory, largestProcess } = await measure({ line, cwd: folder, env: {}, output: join(folder, 'memory') });
    expect(memory).toBeGreaterThan(250 * 1_048_576);
    expect(largestProcess).toBeGreaterThan(150 * 1_048_576);
    expect(largestProcess).toBeLessThan(memory);
  });

  it('tells the exit code, and keeps standard error apart', async () => {
    const { exitCode } = await measure({ line: 'echo out; echo oops >&2; exit 3', cwd: folder, env: {}, output: join(folder, 'code') });
    expect([exitCode, await readFile(join(folder, 'code'), 'utf8'), await readFile(join(folder, 'code.err'), 'utf8')]).toEqual([3, 'out\n', 'oops\n']);
  });
});

describe('a command that takes too long', () => {
  it('is ended with everything below it, and said to be cut off', async () => {
    const line = `${busy(100, 1)} | cat`;
    const { cutOff, wall } = await measure({ line, cwd: folder, env: { PATH: process.env.PATH ?? '' }, output: join(folder, 'limit'), limitSeconds: 1 });
    expect(cutOff).toBe(true);
    expect(wall).toBeLessThan(60);
    const { cutOff: isShortCutOff } = await measure({ line: 'true', cwd: folder, env: {}, output: join(folder, 'short'), limitSeconds: 60 });
    expect(isShortCutOff).toBe(false);
  });
});

describe('the spread of several runs', () => {
  it.each([
    [[3], { median: 3, least: 3, most: 3 }],
    [[5, 1, 3], { median: 3, least: 1, most: 5 }],
    [[10, 2, 4, 1], { median: 3, least: 1, most: 10 }],
  ])('of %j is the median with its range', (values, spread) => {
    expect(spreadOf(values)).toEqual(spread);
  });
});
