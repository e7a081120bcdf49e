import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileRunDirectory } from '../../../emr-steps/run-directory/file-run-directory.ts';
import { S3Error } from '../../../emr-steps/s3/s3-error.ts';
import { prepareRun } from '../../../lambdas/prepare-run/prepare-run.ts';
import { placedDirectory, placeElsewhere } from '../../../lambdas/run/placed-directory.ts';
import { RefusedError } from '../../../lambdas/run/refused-error.ts';
import { EXECUTION, prepared, REQUEST, surroundings } from './surroundings.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-placed-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString());

describe('a run whose rows lie elsewhere', () => {
  it('has its files at home and its folders there, for whoever opens it later too', async () => {
    const [home, rows] = [fileRunDirectory(join(folder, 'home')), fileRunDirectory(join(folder, 'rows'))];
    const written = await placeElsewhere(home, rows.base, fileRunDirectory);
    await written.write('run.json', '1');
    await written.write('partitions/part.tsv', ',\n');
    expect([text(await home.read('run.json')), text(await rows.read('run.json'))]).toEqual(['1', null]);
    expect([text(await home.read('partitions/part.tsv')), text(await rows.read('partitions/part.tsv'))]).toEqual([null, ',\n']);
    const opened = placedDirectory(home, fileRunDirectory);
    expect(text(await opened.read('partitions/part.tsv'))).toBe(',\n');
    expect((await opened.list('partitions')).map(({ path }) => path)).toEqual(['partitions/part.tsv']);
    expect([opened.base, opened.locate('run.json'), opened.locate('source/try-1')]).toEqual([home.base, home.locate('run.json'), rows.locate('source/try-1')]);
    for await (const chunk of opened.openRead('partitions/part.tsv')) expect(text(chunk)).toBe(',\n');
  });

  it('is told by a file beside the rows where its home is', async () => {
    const [home, rows] = [fileRunDirectory(join(folder, 'home')), fileRunDirectory(join(folder, 'rows'))];
    await placeElsewhere(home, rows.base, fileRunDirectory);
    expect(JSON.parse(text(await rows.read('home.json')) ?? '')).toEqual({ home: home.base });
  });

  it('is one whole at home where nobody placed it', async () => {
    const home = fileRunDirectory(join(folder, 'home'));
    const opened = placedDirectory(home, fileRunDirectory);
    await opened.write('source/try-1/_SUCCESS', '');
    expect((await home.list('source')).map(({ path }) => path)).toEqual(['source/try-1/_SUCCESS']);
  });
});

describe('prepare-run with a run directory', () => {
  const request = { ...REQUEST, runDirectory: 's3://elsewhere/runs' };

  it('plans every step there, below the run’s id, and keeps its record at home', async () => {
    const base = surroundings();
    const placed: string[] = [];
    const placeRows = async (runId: string, rows: string) => {
      placed.push(rows);
      return base.home.directoryOf(runId);
    };
    const { state, directory } = await prepared({ runDirectory: request.runDirectory }, { ...base, home: { ...base.home, placeRows } });
    const rows = `s3://elsewhere/runs/${state.run.id}`;
    expect([placed, state.run.directory, state.plan.runDirectory]).toEqual([[rows], rows, rows]);
    expect(state.plan.steps.listSource.args.join(' ')).toContain(`${rows}/source/try-1`);
    expect(text(await directory.read('run.json'))).toContain(rows);
  });

  it('refuses a place where nothing can be written, by the statement that is missing, and holds no lock then', async () => {
    const base = surroundings();
    const denied = new S3Error({ operation: 'PutObject', bucket: 'elsewhere', key: 'k', code: 'AccessDenied', status: 403, reason: 'Access Denied' });
    const deps = { ...base, home: { ...base.home, placeRows: () => Promise.reject(denied) } };
    const error = await prepareRun({ ...EXECUTION, request }, deps).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RefusedError);
    expect((error as RefusedError).message).toMatch(/^runDirectory s3:\/\/elsewhere\/runs\/.*CarillonRunDirectory and CarillonRunDirectoryList would allow it/);
    await expect(prepareRun({ ...EXECUTION, executionArn: `${EXECUTION.executionArn}-2`, request: REQUEST }, deps)).resolves.toBeDefined();
  });

  it('refuses it where rows can lie nowhere else', async () => {
    const error = await prepareRun({ ...EXECUTION, request }, surroundings()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RefusedError);
  });
});
