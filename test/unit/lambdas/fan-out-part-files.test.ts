import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import type { Transport } from '../../../emr-steps/s3/transport.ts';
import type { PlacesOf } from '../../../lambdas/prepare-fan-out/part-files.ts';
import { prepareFanOut } from '../../../lambdas/prepare-fan-out/prepare-fan-out.ts';
import { ownClient } from '../../../lambdas/run/own-client.ts';
import { readPlaces } from '../../../lambdas/run/read-places.ts';
import { RefusedError } from '../../../lambdas/run/refused-error.ts';
import type { Asker } from '../../../lambdas/run/side-client.ts';
import { EXECUTION, REQUEST, surroundings } from './surroundings.ts';

const folder = await mkdtemp(join(tmpdir(), 'carillon-parts-'));
afterAll(async () => rm(folder, { recursive: true, force: true }));

const asker = { env: {}, transport: () => Promise.reject(new Error('no bucket is asked')) };

const placesBy =
  (by: Asker): PlacesOf =>
  (source, runId) =>
    readPlaces((bucket) => ownClient(bucket, source, runId, by));

async function files(...texts: readonly string[]): Promise<readonly string[]> {
  return await Promise.all(
    texts.map(async (text, at) => {
      const location = join(folder, `${at}.tsv`);
      await writeFile(location, text);
      return location;
    }),
  );
}

async function prepared(request: object, by: Asker = asker) {
  const deps = surroundings();
  await prepareFanOut({ ...EXECUTION, request }, { ...deps, placesOf: placesBy(by) });
  return deps.events.flatMap((event) => (event.type === 'run.found' ? [event.finding.code] : []));
}

async function refusal(request: object) {
  const deps = surroundings();
  const error: unknown = await prepareFanOut({ ...EXECUTION, request }, { ...deps, placesOf: placesBy(asker) }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RefusedError);
  expect(existsSync(join(deps.folder, 'locks'))).toBe(false);
  return (error as RefusedError).problems;
}

describe('part files of one fan-out', () => {
  it('that cover every key together, and none twice, are nothing to tell', async () => {
    expect(await prepared({ base: REQUEST, partFiles: await files(',\t\\N\tg\n', ',\tg\tm\n', ',\tm\t\\N\n') })).toEqual([]);
  });

  it('are told of where all of them together leave keys out', async () => {
    expect(await prepared({ base: REQUEST, partFiles: await files(',\t\\N\tg\n', ',\tm\t\\N\n') })).toEqual(['partitions-leave-gaps']);
  });

  it('refuse the fan-out where two list the same keys: each two once, before any lock is taken', async () => {
    const [a, b, c] = await files(',\t\\N\tg\n,\tg\tk\n', ',\tf\tm\n', ',\tl\t\\N\n');
    expect((await refusal({ base: REQUEST, partFiles: [a, b, c] })).toSorted()).toEqual([
      expect.stringContaining(`part files ${a} and ${b} overlap: both would list "f`),
      expect.stringContaining(`part files ${b} and ${c} overlap: both would list "l`),
    ]);
  });

  it('refuse it quickly where all of them list everything', async () => {
    const lines = Array.from({ length: 200 }, (_, at) => `,${String(at).padStart(3, '0')}\n`).join('');
    expect(await refusal({ base: REQUEST, partFiles: await files(...Array.from({ length: 60 }, () => lines)) })).toHaveLength(20);
  });

  it('are refused with the faults of all of them', async () => {
    const partFiles = await files('no comma\n', ',a\n,ab\n', ',b\n');
    expect(await refusal({ base: REQUEST, partFiles: [...partFiles, join(folder, 'nowhere')] })).toEqual([
      expect.stringMatching(/0\.tsv: line 1: .*has no comma/),
      expect.stringMatching(/1\.tsv: line 2: overlaps line 1/),
      expect.stringMatching(/nowhere: it cannot be read \(there is none\)/),
    ]);
  });

  it('of different pairs may list the same keys', async () => {
    const [all, too] = await files(',\n', ',\n');
    const pair = (bucket: string, location: string | undefined) => ({ ...REQUEST, destination: { bucket }, partitions: { from: 'file', location } });
    expect(await prepared({ pairs: { one: pair('b', all), two: pair('c', too) } })).toEqual([]);
  });

  it('that may not be read where runs are started refuse nothing: that they were not compared is told', async () => {
    const bytes = Buffer.from('<Error><Code>AccessDenied</Code><Message>m</Message></Error>');
    const body = Object.assign(Readable.from([bytes]), { bytes: async () => bytes, discard: async () => {} });
    const transport: Transport = async () => ({ status: 403, headers: { 'x-amz-bucket-region': 'eu-central-1' }, body });
    const env = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret' };
    expect(await prepared({ base: REQUEST, partFiles: ['s3://parts/a', 's3://parts/b'] }, { env, transport })).toEqual(['part-files-not-compared']);
  });
});
