import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Transport } from '../../../../emr-steps/s3/transport.ts';
import { hadoopFacts } from '../../../../infra/hadoop/cluster-facts.ts';
import { PublishError, publishNodeArchive } from '../../../../infra/hadoop/publish.ts';
import { hadoopRunHome } from '../../../../infra/hadoop/run-home.ts';

/** `hadoop fs` on a folder: what the archive goes through, with each call written down. */
const HADOOP = `#!/bin/sh
root=$(dirname "$0"); shift; echo "$*" >> "$root/calls"
local_of() { echo "$root/hdfs/\${1#hdfs://name:8020/}"; }
case $1 in
  -test) test -e "$(local_of "$3")" ;;
  -mkdir) mkdir -p "$(local_of "$3")" ;;
  -put) cp "$2" "$(local_of "$3")" ;;
  -mv) if test -e "$root/slow"; then cp "$(local_of "$2")" "$(local_of "$3")"; exit 1; fi; mv "$(local_of "$2")" "$(local_of "$3")" ;;
  -rm) rm "$(local_of "$3")" ;;
esac
`;

let folder = '';
const configuration = { folder: '/etc/conf', get: (name: string) => (name === 'fs.defaultFS' ? 'hdfs://name:8020/' : null) };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-publish-'));
  await mkdir(join(folder, 'node', 'bin', 'linux-x64'), { recursive: true });
  await writeFile(join(folder, 'node', 'run.sh'), '#!/bin/sh\n');
  await writeFile(join(folder, 'node', 'bin', 'linux-x64', 'node'), 'node 24');
  await writeFile(join(folder, 'hadoop'), HADOOP, { mode: 0o755 });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const publish = (hadoop = join(folder, 'hadoop')) =>
  publishNodeArchive({
    configuration,
    commands: { hadoop, streamingJar: '', yarn: null, hive: null },
    env: { PATH: process.env.PATH },
    nodeFolder: join(folder, 'node'),
  });

describe('the Node archive', () => {
  it('lies on the default file system, whole or not at all, and is put there once', async () => {
    const place = await publish();
    expect(place).toMatch(/^hdfs:\/\/name:8020\/tmp\/carillon\/node-[0-9a-f]{16}\.tar\.gz$/);
    expect(await readdir(join(folder, 'hdfs', 'tmp', 'carillon'))).toEqual([place.slice(place.lastIndexOf('/') + 1)]);
    await writeFile(join(folder, 'calls'), '');
    expect(await publish()).toBe(place);
    expect(await readFile(join(folder, 'calls'), 'utf8')).toBe(`-test -e ${place}\n`);
  });

  it('that another run has put there meanwhile is taken, and nothing is left beside it', async () => {
    await writeFile(join(folder, 'slow'), '');
    const place = await publish();
    expect(await readdir(join(folder, 'hdfs', 'tmp', 'carillon'))).toEqual([place.slice(place.lastIndexOf('/') + 1)]);
  });

  it('of another Node has another name', async () => {
    const first = await publish();
    await writeFile(join(folder, 'node', 'bin', 'linux-x64', 'node'), 'node 25');
    expect(await publish()).not.toBe(first);
    const large = Buffer.alloc(3_000_000);
    await writeFile(join(folder, 'node', 'bin', 'linux-x64', 'node'), large);
    const zeros = await publish();
    await writeFile(join(folder, 'node', 'bin', 'linux-x64', 'node'), large.fill(1, 2_999_999));
    expect(await publish()).not.toBe(zeros);
  });

  it('that cannot be put there stops the run with what the client said', async () => {
    await writeFile(join(folder, 'broken'), '#!/bin/sh\necho "put: Permission denied" >&2\nexit 1\n', { mode: 0o755 });
    const error = await publish(join(folder, 'broken')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PublishError);
    expect(String(error)).toContain('Permission denied');
  });
});

describe('the home of runs', () => {
  const home = (base: string) => hadoopRunHome({ base, configuration, env: {}, transport: () => Promise.reject(new Error('nothing is sent')) });

  it('is a bucket, or a shared folder under the name by which Hadoop knows it', async () => {
    expect(home('s3://work-bucket/runs/').directoryOf('r1').locate('a/b')).toBe('s3://work-bucket/runs/r1/a/b');
    const shared = home(`file://${folder}/runs`).directoryOf('r 1');
    expect([shared.base, shared.locate('a')]).toEqual([`file://${folder}/runs/r%201`, `file://${folder}/runs/r%201/a`]);
    await shared.write('a', 'text');
    expect(await readFile(join(folder, 'runs', 'r 1', 'a'), 'utf8')).toBe('text');
  });

  it('in a bucket is reached where S3A reaches it, with keys of the environment', async () => {
    const properties: Readonly<Record<string, string>> = { 'fs.s3a.endpoint': 'http://s3a:9000/', 'fs.s3a.path.style.access': 'true' };
    const sent: string[] = [];
    const body = Object.assign(Readable.from([]), { bytes: async () => new Uint8Array(), discard: async () => {} });
    const transport: Transport = async ({ origin, path }) => {
      sent.push(`${origin}${path}`);
      return { status: 404, headers: {}, body };
    };
    const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
    for (const env of [keys, { ...keys, AWS_ENDPOINT_URL_S3: 'http://env:1' }]) {
      const { directoryOf } = hadoopRunHome({
        base: 's3://work-bucket/runs/',
        configuration: { folder: '', get: (name) => properties[name] ?? null },
        env,
        transport,
      });
      expect(await directoryOf('r1').read('plan-1.json')).toBeNull();
    }
    expect(sent.map((url) => url.replace(/\?.*$/, ''))).toEqual([
      'http://s3a:9000/work-bucket/runs/r1/plan-1.json',
      'http://env:1/work-bucket/runs/r1/plan-1.json',
    ]);
  });

  it.each(['hdfs:///runs', '/runs', 's3:///runs'])('is not %s', (base) => {
    expect(() => home(base)).toThrow(/cannot hold runs/);
  });
});

describe('the facts of a cluster', () => {
  it('have as many places as memory and cores allow, and at least one', () => {
    const slots = (megabytes: number, cores: number) => hadoopFacts('/x', 'hdfs:///n', { megabytes, cores }).slots;
    expect([slots(8192, 16), slots(8192, 2), slots(100, 1)]).toEqual([5, 2, 1]);
    expect(hadoopFacts('/x', 'hdfs:///n', null)).toMatchObject({ kind: 'hadoop', slots: 16, programs: '/x/build/steps', diffScripts: '/x/build/diff' });
  });
});
