import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileRunDirectory } from '../../../emr-steps/run-directory/file-run-directory.ts';
import { unclaimed } from '../../../emr-steps/sweep/claimed-uploads.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'claims-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const task = (uploadId: string): string => `k\te\t9\t\\N\t\\N\tpart\t${uploadId}\t1\t2\t0\t4\tcomputed\t\\N\t\\N\t\\N\n`;

async function run(name: string, files: Readonly<Record<string, string>>) {
  const directory = fileRunDirectory(join(folder, name));
  for (const [path, text] of Object.entries(files)) await directory.write(path, text);
  return directory;
}

describe('an upload that may be the run’s', () => {
  const candidates = new Set(['one', 'two', 'a%b']);

  test('is its own where no other run claims it', async () => {
    expect(await unclaimed(candidates, { own: null, others: [] })).toEqual(candidates);
    expect(await unclaimed(candidates, { own: null, others: [await run('empty', {})] })).toEqual(candidates);
  });

  test.each([
    ['a finished try', { 'rounds/1/tasks/try-1/part-00000': task('one') }],
    ['a later round', { 'rounds/3/tasks/try-2/part-00004': task('zero') + task('one') }],
    ['a try under way', { 'rounds/1/tasks/try-1/_temporary/1/_temporary/attempt_1/part-00000': task('one') }],
    ['a line that was cut off', { 'rounds/1/tasks/try-1/part-00000': `${task('zero')}k\te\t9\t\\N\t\\N\tpart\tone` }],
  ])('is the other run’s that names it in %s', async (_, files) => {
    expect(await unclaimed(candidates, { own: null, others: [await run('empty', {}), await run('other', files)] })).toEqual(new Set(['two', 'a%b']));
  });

  test('is read as tasks write it', async () => {
    expect(await unclaimed(candidates, { own: null, others: [await run('other', { 'rounds/1/tasks/try-1/part-00000': task('a%25b') })] })).toEqual(
      new Set(['one', 'two']),
    );
  });

  test('is not claimed by rows that are no tasks, and by bytes that are no rows', async () => {
    const other = await run('other', {
      'rounds/1/ledger/try-1/part-00000': task('one'),
      'rounds/1/tasks/try-1/part-00000': 'one\ntwo\n\na\tb\n%zz\t%\t\t\t\t\t%zz\n',
    });
    expect(await unclaimed(candidates, { own: null, others: [other] })).toEqual(candidates);
  });

  test('is its own only where its own tasks name it, while another run is under way', async () => {
    const own = await run('own', { 'rounds/1/tasks/try-1/part-00000': task('two') + task('one') });
    expect(await unclaimed(candidates, { own, others: [] })).toEqual(new Set(['one', 'two']));
    const other = await run('other', { 'rounds/1/tasks/try-1/part-00000': task('two') });
    expect(await unclaimed(candidates, { own, others: [other] })).toEqual(new Set(['one']));
  });
});
