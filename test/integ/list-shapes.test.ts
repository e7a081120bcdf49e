/** The bundled list program on virtual buckets of every shape: each key exactly once, found out without a hint, in little memory. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keysListed } from '../../bench/arrived.ts';
import { carillonPrograms } from '../../bench/contenders/carillon.ts';
import { measure } from '../../bench/measure.ts';
import { CREDENTIALS, REGION, type ServedStore, serveStore } from '../../bench/served-store.ts';
import { checksumOfShape } from '../../infra/local/s3-store/virtual/key-checksum.ts';
import { keyShape, SHAPE_NAMES } from '../../infra/local/s3-store/virtual/shape-names.ts';

const KEYS = 150_000;
const MOST_MEMORY = 300 * 1_048_576;

let folder: string;
let store: ServedStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-shapes-'));
  store = await serveStore({ virtual: SHAPE_NAMES.map((shape) => `${shape}:${KEYS},name=${shape}`), latencyMilliseconds: 2, processes: 1 });
});

afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each([...SHAPE_NAMES])('list-objects on %s', (shape) => {
  it('yields every key exactly once', async () => {
    const directory = join(folder, shape);
    await mkdir(directory);
    const place = { endpoint: store.endpoint, region: REGION, source: shape, destination: shape, credentials: CREDENTIALS, directory };
    const site = { ...place, inFlight: null, keySpace: { shape, keys: KEYS } };
    const call = carillonPrograms.list?.(site);
    if (call === undefined) throw new Error('the programs list');
    const output = join(directory, 'listing');
    const { exitCode, largestProcess } = await measure({ ...call, output });
    expect(exitCode).toBe(0);
    expect(await keysListed(output, call.listed)).toEqual(checksumOfShape(keyShape(shape, KEYS)));
    expect(largestProcess).toBeLessThan(MOST_MEMORY);
  });
});
