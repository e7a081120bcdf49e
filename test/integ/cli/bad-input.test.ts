import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../cli/main.ts';
import { fileRunDirectory } from '../../../emr-steps/run-directory/file-run-directory.ts';
import { type Store, startStore } from '../../../infra/local/s3-store/store.ts';
import { capturedHost } from '../../helpers/captured-host.ts';

const OWNER = { id: '111122223333', keys: [{ accessKeyId: 'owner', secretAccessKey: 'owner-secret' }] };
const STRANGER = { id: '444455556666', keys: [{ accessKeyId: 'stranger', secretAccessKey: 'stranger-secret' }] };

let store: Store;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bad-input-'));
  await fileRunDirectory(folder).write('build/steps/list-objects.js', '');
  await cp('build/state-machine', join(folder, 'build/state-machine'), { recursive: true });
  store = await startStore({
    region: 'eu-central-1',
    accounts: [OWNER, STRANGER],
    buckets: [
      { name: 'source', ownerId: OWNER.id },
      { name: 'destination', ownerId: OWNER.id },
    ],
  });
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function environment(over: Readonly<Record<string, string>> = {}): Readonly<Record<string, string | undefined>> {
  return {
    HOME: folder,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_S3: store.url,
    AWS_ACCESS_KEY_ID: 'owner',
    AWS_SECRET_ACCESS_KEY: 'owner-secret',
    ...over,
  };
}

async function run(words: readonly string[], env = environment()) {
  const host = capturedHost({ env, root: folder });
  const code = await main(words, host);
  return { code, stdout: host.stdout.text(), stderr: host.stderr.text() };
}

const copy = ['copy', 's3://source', 's3://destination'];

describe('bad input', () => {
  it.each([
    ['a bucket that is not there', ['copy', 's3://source', 's3://nowhere'], 'destination s3://nowhere: there is no such bucket at http://127.0.0.1'],
    ['two buckets that are not there', ['copy', 's3://nothing', 's3://nowhere'], 'source s3://nothing: there is no such bucket'],
    ['a wrong Region', [...copy, '--source-region', 'us-west-2'], 'source s3://source is in Region eu-central-1, not us-west-2'],
    ['a wrong owner', [...copy, '--destination-expected-bucket-owner', '999999999999'], 's3://destination does not belong to account 999999999999'],
    ['an endpoint where nobody listens', [...copy, '--endpoint-url', 'http://127.0.0.1:9'], 'http://127.0.0.1:9 cannot be reached (ConnectionRefused'],
    ['a profile that does not exist', [...copy, '--source-profile', 'nobody'], 'source s3://source: no credentials: profile "nobody" gave none'],
    ['a listing of a bucket that is not there', ['list', 's3://nowhere'], 'source s3://nowhere: there is no such bucket'],
    [
      'a file of rows that cannot be written',
      ['diff', 's3://source', 's3://destination', '--output', '/proc/none/rows'],
      '/proc/none/rows cannot be written (ENOENT)',
    ],
    ['a diff with a bucket that is not there', ['diff', 's3://source', 's3://nowhere'], 'destination s3://nowhere: there is no such bucket'],
  ])('%s is told before any work', async (_, words, message) => {
    const { code, stdout, stderr } = await run([...words, ...(words[0] === 'list' ? [] : ['--run-dir', join(folder, 'runs')])]);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(await readdir(join(folder, 'runs')).catch(() => [])).toEqual([]);
  });

  it('of a stranger is told with the right that is missing', async () => {
    const { code, stderr } = await run(copy, environment({ AWS_ACCESS_KEY_ID: 'stranger', AWS_SECRET_ACCESS_KEY: 'stranger-secret' }));
    expect(code).toBe(2);
    expect(stderr).toContain('source s3://source: s3:ListBucket is denied to ');
  });

  it('without any credentials is told where they were looked for', async () => {
    const env = environment({
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_CONFIG_FILE: join(folder, 'none'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
    });
    const { code, stderr } = await run(copy, env);
    expect(code).toBe(2);
    expect(stderr).toContain('source s3://source: no credentials: looked in the environment');
  });

  it('in a part file is told with every line', async () => {
    const file = join(folder, 'part.tsv');
    await writeFile(file, ',a\nb\n,ab\n');
    const { code, stderr } = await run([...copy, '--partitions', file]);
    expect(code).toBe(2);
    expect(stderr).toContain(`carillon: part file ${file}: line 2: "b" has no comma`);
    expect(stderr).toContain(`carillon: part file ${file}: line 3: overlaps line 1`);
  });

  it('is told together with all other problems', async () => {
    const file = join(folder, 'no-such-file');
    await writeFile(join(folder, 'taken'), '');
    const { stderr } = await run(['copy', 's3://nothing', 's3://nowhere', '--partitions', file, '--run-dir', join(folder, 'taken')]);
    expect(stderr.split('\n').filter((line) => line !== '')).toEqual([
      expect.stringContaining('source s3://nothing: there is no such bucket'),
      expect.stringContaining('destination s3://nowhere: there is no such bucket'),
      `carillon: part file ${file} cannot be read (there is none)`,
      expect.stringMatching(/the run directory .*taken.* cannot be written \(E\w+\); give another folder by --run-dir/),
    ]);
  });

  it.each(['/proc/carillon/runs', '/dev/null/runs'])('in a run directory that cannot be made (%s) is told at once', async (runs) => {
    const { code, stderr } = await run([...copy, '--run-dir', runs]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^carillon: the run directory \/\S+ cannot be written \(E\w+\); give another folder by --run-dir\n$/),
    });
  });

  it.skipIf(process.getuid?.() === 0)('in a run directory that is not writable is told at once', async () => {
    await mkdir(join(folder, 'closed'), { mode: 0o500 });
    const { code, stderr } = await run([...copy, '--run-dir', join(folder, 'closed')]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('cannot be written (EACCES); give another folder by --run-dir') });
  });

  it('of a checkout that is not built is told with what to run', async () => {
    const host = capturedHost({ env: environment(), root: join(folder, 'elsewhere') });
    expect(await main(copy, host)).toBe(2);
    expect(host.stderr.text()).toContain('is missing; run make build');
  });

  it('never shows a secret', async () => {
    const { stderr } = await run(['copy', 's3://nothing', 's3://nowhere']);
    expect(stderr).not.toContain('owner-secret');
  });
});
