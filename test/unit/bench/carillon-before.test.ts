import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carillonBefore, carillonCommand } from '../../../bench/contenders/carillon.ts';
import type { Site } from '../../../bench/contenders/contender.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

let checkout: string;
beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'carillon-before-'));
  await mkdir(join(checkout, 'build', 'cli'), { recursive: true });
  await writeFile(join(checkout, 'package.json'), '{"version":"0.0.9"}');
});
afterAll(() => rm(checkout, { recursive: true, force: true }));

const SITE: Site = {
  endpoint: 'http://127.0.0.1:1',
  region: 'us-east-1',
  source: 'a',
  destination: 'b',
  credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  directory: '/run',
  inFlight: null,
  keySpace: null,
};

describe('another checkout as a contender', () => {
  it('is refused where it was not built, with what to do', () => {
    expect(() => carillonBefore(checkout)).toThrow(`${checkout} holds no built checkout of Carillon; run: make -C ${checkout} build`);
  });

  it('is called as this one is, by its own files alone', async () => {
    await writeFile(join(checkout, 'build', 'cli', 'carillon.js'), '');
    const before = carillonBefore(checkout);
    expect([before.name, before.version()]).toEqual(['carillon before', '0.0.9']);
    for (const of of ['list', 'copy', 'compare', 'help'] as const) {
      const [theirs, ours] = [before[of]?.(SITE), carillonCommand[of]?.(SITE)];
      expect(theirs?.line.startsWith(join(checkout, 'cli', 'bin', 'carillon'))).toBe(true);
      expect(theirs?.line.replace(checkout, ROOT)).toBe(ours?.line);
      expect({ ...theirs?.env, NODE_COMPILE_CACHE: '' }).toEqual({ ...ours?.env, NODE_COMPILE_CACHE: '' });
      expect(theirs?.env.NODE_COMPILE_CACHE).toBe(join(checkout, 'build', 'bench', 'compiled'));
    }
  });
});
