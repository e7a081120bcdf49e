/**
 * A whole run against a store that fails in every way it can, on a cluster that kills mappers and loses nodes: nothing is missing, no ETag
 * is wrong, no upload is left open, the books balance.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../infra/local/s3-store/store.ts';
import { attemptFailures, CHAOS, carillonUnderFaults, chaosStore, copiedRows, held, openUploads } from '../helpers/chaos.ts';
import { fillMany, manyKey } from '../helpers/many-objects.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-chaos-'));
  store = await chaosStore();
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a run under faults', () => {
  it('ends with nothing missing, no wrong ETag, no open upload and balanced books', { timeout: 300_000 }, async () => {
    const objects = 20_000;
    fillMany(store, 'source', { objects, multipartEvery: 20 });
    store.faults.replace({ rules: CHAOS, prefixLimits: null });
    const words = ['copy', 's3://source', 's3://destination', '--rounds', '5', '--mappers', '24', '--concurrency', '32'];
    const { code, events, stderr } = await carillonUnderFaults(store, folder, words, { killEveryMilliseconds: 3_000, orphanEveryMilliseconds: 4_000 });
    const struck = { ...store.faults.struck };
    store.faults.replace({ rules: [], prefixLimits: null });

    const end = events.find((event) => event.type === 'run.finished');
    expect(code, `${stderr}\n${JSON.stringify(end)}\n${JSON.stringify(struck)}`).toBe(0);
    expect(end).toMatchObject({
      status: 'succeeded',
      books: { balanced: true, listed: { objects }, outcomes: { copied: { objects }, failed: { objects: 0 } } },
    });
    expect(held(store, 'destination').get(manyKey(0))).toMatch(/-2 5242\d+$/);
    expect(held(store, 'destination')).toEqual(held(store, 'source'));
    expect(openUploads(store, 'destination')).toBe(0);
    expect(await copiedRows(folder)).toBe(objects);

    for (const { fault } of CHAOS) expect(struck[fault], fault).toBeGreaterThan(0);
    const failures = JSON.stringify(attemptFailures(events));
    expect(failures).toContain('code 137');
    expect(failures).toContain('its node was lost');
  });
});
