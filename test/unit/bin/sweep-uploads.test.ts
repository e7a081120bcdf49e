import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../../emr-steps/bin/sweep-uploads.ts';
import { sweptUpload } from '../../../emr-steps/records/swept-upload.ts';
import { fileRunDirectory } from '../../../emr-steps/run-directory/file-run-directory.ts';
import { FakeConnection, runProgram } from './run-program.ts';

const RUN_ID = '20261121-010203-0123456789';
const ROWS = ['a', 'b', 'c'].map((key) => `${key}\te\t9\t2026-11-20 12:00:00\n`).join('');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweep-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A bucket with an upload for each of the keys, begun right after the run; the id is the key's. */
function openUploads(keys: readonly string[], initiator = 'arn:aws:iam::111122223333:user/ann'): FakeConnection {
  const uploads = keys.map(
    (key) =>
      `<Upload><Key>p/${key}</Key><UploadId>id-${key}</UploadId><Initiator><ID>${initiator}</ID></Initiator><Initiated>2026-11-21T01:02:04.000Z</Initiated></Upload>`,
  );
  const listing = `<ListMultipartUploadsResult>${uploads.join('')}<IsTruncated>false</IsTruncated></ListMultipartUploadsResult>`;
  return new FakeConnection(({ operation }) => ({
    status: 200,
    headers: {},
    bytes: Buffer.from(operation === 'ListMultipartUploads' ? listing : ''),
    attempts: 1,
  }));
}

async function sweep(fake: FakeConnection, more: readonly string[] = [], runId = RUN_ID) {
  const argv = ['--bucket', 'to', '--region', 'eu-west-1', '--prefix', 'p/', '--run-id', runId, ...more];
  const ran = await runProgram(main, { argv, input: ROWS, bindings: { connect: fake.connect } });
  const rows = ran.stdout.split('\n').filter((line) => line !== '');
  return { ...ran, aborted: rows.map((line) => sweptUpload.decode(line).key).toSorted(), requests: fake.requests };
}

/** A run whose tasks name uploads. */
async function runThatNames(name: string, ids: readonly string[]): Promise<string> {
  const tasks = ids.map((id) => `k\te\t9\t\\N\t\\N\tpart\t${id}\t1\t2\t0\t4\tcomputed\t\\N\t\\N\t\\N\n`);
  await fileRunDirectory(join(folder, name)).write('rounds/1/tasks/try-1/part-00000', tasks.join(''));
  return join(folder, name);
}

describe('sweep-uploads', () => {
  it('aborts what was begun since the run for a key of its rows', async () => {
    const { aborted, requests, code } = await sweep(openUploads(['a', 'c', 'not planned']));
    expect({ code, aborted }).toEqual({ code: 0, aborted: ['a', 'c'] });
    expect(requests.filter(({ operation }) => operation === 'AbortMultipartUpload').map(({ key }) => key)).toEqual(['p/a', 'p/c']);
  });

  it('leaves what the tasks of other runs name', async () => {
    const others = [await runThatNames('one', ['id-a']), await runThatNames('two', ['id-b'])];
    expect((await sweep(openUploads(['a', 'b', 'c']), ['--other-runs', others.join(',')])).aborted).toEqual(['c']);
  });

  it('aborts only what the run’s own tasks name, where its directory is given', async () => {
    expect((await sweep(openUploads(['a', 'b', 'c']), ['--run-directory', await runThatNames('own', ['id-b'])])).aborted).toEqual(['b']);
  });

  it('with a role goes by the session, which has the run’s name', async () => {
    const role = ['--role-arn', 'arn:aws:iam::111122223333:role/copier'];
    const session = `arn:aws:sts::111122223333:assumed-role/copier/${RUN_ID}`;
    expect((await sweep(openUploads(['a'], session), role)).aborted).toEqual(['a']);
    expect((await sweep(openUploads(['a'], `${session}0`), role)).aborted).toEqual([]);
    expect((await sweep(openUploads(['a']), role)).aborted).toEqual([]);
  });

  it('refuses a run whose start nobody knows, since every upload could be older', async () => {
    const { code, stderr, requests } = await sweep(openUploads(['a']), [], 'adhoc');
    expect({ code, requests }).toEqual({ code: 2, requests: [] });
    expect(stderr).toContain('tells no start');
  });
});
