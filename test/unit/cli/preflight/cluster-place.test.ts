import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterPlace, clusterProblems } from '../../../../cli/preflight/cluster-place.ts';
import { capturedHost } from '../../../helpers/captured-host.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
const transport = () => Promise.reject(new Error('nothing is sent'));

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-place-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const place = (choice: object, env: Readonly<Record<string, string>> = {}) => clusterPlace(choice, capturedHost({ root: ROOT, env }), transport);

describe('where the steps run', () => {
  it('is this machine, where run directories are folders', async () => {
    expect((await place({})).cluster.kind).toBe('local');
    await expect(place({ 'cluster-dir': 's3://a/b' })).rejects.toThrow(/--cluster-dir is for --cluster hadoop/);
  });

  it('is a Hadoop only with a place for the run directories that this machine reads, too', async () => {
    await expect(place({ cluster: 'hadoop' })).rejects.toThrow(/--cluster hadoop needs --cluster-dir/);
    await writeFile(join(folder, 'core-site.xml'), '<configuration></configuration>');
    await writeFile(join(folder, 'hadoop'), '', { mode: 0o755 });
    const env = { HADOOP_CONF_DIR: folder, PATH: folder, HADOOP_STREAMING_JAR: '/streaming.jar' };
    await expect(place({ cluster: 'hadoop', 'cluster-dir': 'hdfs:///runs' }, env)).rejects.toThrow(/hdfs:\/\/\/runs cannot hold runs/);
  });

  it('tells what of a Hadoop is missing as bad input', async () => {
    const at = { cluster: 'hadoop', 'cluster-dir': 's3://a/b' };
    await expect(place(at, { HADOOP_CONF_DIR: folder, PATH: folder })).rejects.toMatchObject({ problems: [expect.stringContaining('HADOOP_CONF_DIR')] });
    await writeFile(join(folder, 'yarn-site.xml'), '<configuration></configuration>');
    await expect(place(at, { HADOOP_CONF_DIR: folder, PATH: folder })).rejects.toMatchObject({ problems: [expect.stringContaining('HADOOP_HOME')] });
  });

  it('refuses an Athena diff on a Hadoop, and there alone', () => {
    const request = { diff: { engine: 'athena' } };
    expect(clusterProblems({ cluster: 'hadoop' }, request)).toEqual([expect.stringContaining('diff.engine (athena)')]);
    expect([clusterProblems({}, request), clusterProblems({ cluster: 'hadoop' }, {}), clusterProblems({ cluster: 'hadoop' }, null)]).toEqual([[], [], []]);
  });
});
