import { existsSync } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Transport } from '../../../emr-steps/s3/transport.ts';
import { prepareRun } from '../../../lambdas/prepare-run/prepare-run.ts';
import { RefusedError } from '../../../lambdas/run/refused-error.ts';
import { MOST_PART_FILE_BYTES } from '../../../workflows/request/partition-file.ts';
import { EXECUTION, prepared, REQUEST, surroundings } from './surroundings.ts';

const folder = await mkdtemp(join(tmpdir(), 'carillon-given-'));
afterAll(async () => rm(folder, { recursive: true, force: true }));

const PARENT = { AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'arn:aws:states:eu-central-1:1:execution:fan-out:p' };
const LEFT_OUT = [expect.objectContaining({ code: 'partitions-leave-gaps', level: 'warning', about: 'source' })];

async function fileOf(lines: string): Promise<string> {
  const location = join(folder, 'part.tsv');
  await writeFile(location, lines);
  return location;
}

const findingsOf = async (request: object, change: Parameters<typeof prepared>[1] = {}) => (await prepared(request, change)).state.findings;

/** Nothing may be held by then. */
async function refusal(request: object, change: Parameters<typeof surroundings>[0] = {}) {
  const deps = surroundings(change);
  const error: unknown = await prepareRun({ ...EXECUTION, request: { ...REQUEST, ...request } }, deps).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RefusedError);
  expect(existsSync(join(deps.folder, 'locks'))).toBe(false);
  return (error as RefusedError).problems;
}

/** Buckets that answer every request so. */
function asker(status: number, code: string) {
  const bytes = Buffer.from(`<Error><Code>${code}</Code><Message>m</Message></Error>`);
  const body = Object.assign(
    (async function* () {
      yield bytes;
    })(),
    { bytes: async () => bytes, discard: async () => {} },
  );
  const transport: Transport = async () => ({ status, headers: { 'x-amz-bucket-region': 'eu-central-1' }, body });
  return { env: { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret' }, transport };
}

describe('a part file that a request names', () => {
  it('says nothing where it covers every key', async () => {
    expect(await findingsOf({ partitions: { from: 'file', location: await fileOf(',\t\\N\tm\n,\tm\t\\N\n') } })).toEqual([]);
  });

  it('is told of where it leaves keys out, with examples', async () => {
    const findings = await findingsOf({ partitions: { from: 'file', location: await fileOf(',a\n,c\n') } });
    expect(findings).toEqual(LEFT_OUT);
    expect(findings?.[0]?.message).toMatch(/leave out keys in 3 places, such as .*"b".* not copied and not in the books/);
  });

  it('of one run of a fan-out leaves to the others what it leaves out', async () => {
    expect(await findingsOf({ ...PARENT, partitions: { from: 'file', location: await fileOf(',a\n') } })).toEqual([]);
  });

  it('is refused before anything is held, with each wrong line', async () => {
    const location = await fileOf('no comma\n,a\n,ab\n');
    expect(await refusal({ partitions: { from: 'file', location } })).toEqual([
      expect.stringMatching(/part file .*part\.tsv: line 1: .*has no comma/),
      expect.stringContaining('line 3: overlaps line 2'),
    ]);
  });

  it('of a run of a fan-out is refused likewise', async () => {
    expect(await refusal({ ...PARENT, partitions: { from: 'file', location: await fileOf(',a\n,a\n') } })).toHaveLength(1);
  });

  it('that is not there is refused', async () => {
    expect(await refusal({ partitions: { from: 'file', location: join(folder, 'nowhere') } })).toEqual([
      `part file ${join(folder, 'nowhere')}: it cannot be read (there is none)`,
    ]);
  });

  it('that is too large is refused before it is read', async () => {
    const location = await fileOf('');
    await truncate(location, MOST_PART_FILE_BYTES + 1);
    expect((await refusal({ partitions: { from: 'file', location } })).join()).toContain(`at most ${MOST_PART_FILE_BYTES} can be read`);
  });

  it.each([
    [403, 'AccessDenied', 'access is denied; the credentials of the run itself need s3:GetObject on it'],
    [404, 'NoSuchKey', 'it cannot be read ('],
  ])('of a bucket that answers %d is refused', async (status, code, reason) => {
    const problems = await refusal({ partitions: { from: 'file', location: 's3://parts/a.tsv' } }, { asker: asker(status, code) });
    expect(problems).toEqual([expect.stringContaining(`part file s3://parts/a.tsv: ${reason}`)]);
  });
});

describe('the ranges of a part file', () => {
  it('lie in the directory of the run once it is prepared, and its listing is planned for them', async () => {
    const lines = Array.from({ length: 40 }, (_, at) => `,${String(at).padStart(2, '0')}\n`).join('');
    const named = await prepared({ partitions: { from: 'file', location: await fileOf(`# by hand\n${lines}`) } });
    const beside = await prepared({}, { partFile: async () => Buffer.from(lines) });
    for (const { state, directory } of [named, beside]) {
      expect(Buffer.from((await directory.read('partitions/part.tsv')) ?? []).toString('utf8')).toBe(lines);
      expect(state.choices.splitPartitions).toBe(false);
      expect(state.plan.steps.listSource.args.join(' ')).toContain('linespermap=10');
    }
  });

  it('are found later where nobody gives them', async () => {
    const { state, directory } = await prepared();
    expect([state.choices.splitPartitions, await directory.read('partitions/part.tsv')]).toEqual([true, null]);
  });
});

describe('a part file beside the request', () => {
  const beside = (lines: string) => ({ partFile: async () => Buffer.from(lines) });

  it('is judged in place of what the request names', async () => {
    expect(await findingsOf({}, beside(',\n'))).toEqual([]);
    expect(await findingsOf({}, beside('/,\n'))).toEqual(LEFT_OUT);
  });

  it('is refused where its ranges overlap', async () => {
    expect(await refusal({}, beside(',\n,a\n'))).toEqual(['line 2: overlaps line 1, so that objects would be listed twice']);
  });
});
