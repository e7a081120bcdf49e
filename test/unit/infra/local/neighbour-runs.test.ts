import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileRunDirectory } from '../../../../emr-steps/run-directory/file-run-directory.ts';
import { neighbourRuns } from '../../../../infra/local/neighbour-runs.ts';
import { lockRun } from '../../../../infra/local/run-lock.ts';
import { parseRequest } from '../../../../workflows/request/parse-request.ts';

let runs = '';
beforeEach(async () => {
  runs = await mkdtemp(join(tmpdir(), 'neighbours-'));
});
afterEach(() => rm(runs, { recursive: true, force: true }));

const request = (prefix: string, more: object = {}) => parseRequest({ source: { bucket: 'a' }, destination: { bucket: 'b', prefix }, ...more });
const OTHER = '20260102-030405-0000000001';

async function neighbours(prefix: string, other: { readonly prefix?: string; readonly more?: object; readonly status?: string; readonly text?: string }) {
  const directory = fileRunDirectory(join(runs, OTHER));
  await directory.write('request.json', other.text ?? JSON.stringify(request(other.prefix ?? '', other.more)));
  if (other.status !== undefined) await directory.write('output.json', JSON.stringify({ status: other.status }));
  return neighbourRuns(join(runs, '20260102-030405-0000000000'), request(prefix));
}

describe('the runs beside a run', () => {
  it.each([
    ['has not ended and writes to the same prefix', 'x/', { prefix: 'x/' }, true],
    ['writes below it', 'x/', { prefix: 'x/y/' }, true],
    ['writes above it', 'x/y/', { prefix: 'x/' }, true],
    ['writes beside it', 'x/', { prefix: 'y/' }, false],
    ['writes to another bucket', '', { more: { destination: { bucket: 'c' } } }, false],
    ['writes nothing', '', { more: { dryRun: true } }, false],
    ['only compares', '', { more: { goal: 'diff', diff: { engine: 'hive' } } }, false],
    ['has ended well', '', { status: 'succeeded' }, false],
    ['has ended in part', '', { status: 'partial' }, false],
    ['has failed and may be resumed', '', { status: 'failed' }, true],
    ['left half a request', '', { text: '{"goal": "co' }, false],
  ])('count one that %s', async (_, prefix, other, counts) => {
    expect(await neighbours(prefix, other)).toEqual({ open: counts ? [join(runs, OTHER)] : [], underWay: false });
  });

  it('tell that one is under way', async () => {
    const directory = join(runs, OTHER);
    await fileRunDirectory(directory).write('request.json', JSON.stringify(request('')));
    const release = await lockRun(directory);
    expect(await neighbours('', {})).toMatchObject({ underWay: true });
    await release();
  });
});
