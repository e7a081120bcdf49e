import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resumeHere } from '../../../../cli/commands/resume-hint.ts';
import { stoppedRequest } from '../../../../cli/commands/stopped-request.ts';
import { capturedHost } from '../../../helpers/captured-host.ts';

const RUN = '20261121-021655-5c7a0a67d9';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-stopped-'));
  await writeFile(join(folder, 'core-site.xml'), '<configuration></configuration>');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A run's request in a folder of runs. */
async function stored(runs: string, text: string): Promise<void> {
  await mkdir(join(folder, runs, RUN), { recursive: true });
  await writeFile(join(folder, runs, RUN, 'request.json'), text);
}

const asked = (on: object = {}) => stoppedRequest(RUN, { runs: join(folder, 'here'), on, host: capturedHost({ env: { HADOOP_CONF_DIR: folder } }) });
const onHadoop = () => ({ cluster: 'hadoop', 'cluster-dir': `file://${folder}/shared` });

describe('the request of a run that is to go on', () => {
  it('is read where the runs of its cluster lie', async () => {
    await stored('here', '{"rounds":1}');
    await stored('shared', '{"rounds":2}');
    expect([await asked(), await asked(onHadoop())]).toEqual([
      { rounds: 1, resume: RUN },
      { rounds: 2, resume: RUN },
    ]);
  });

  it('is refused where no run lies there, where it is no JSON, and where one option of the cluster misses the other', async () => {
    await stored('here', '{"rounds":1}');
    await expect(asked(onHadoop())).rejects.toMatchObject({ problems: [`file://${folder}/shared/${RUN} holds no run that was begun; begin it anew`] });
    await stored('shared', '{');
    await expect(asked(onHadoop())).rejects.toMatchObject({ problems: [expect.stringContaining(`file://${folder}/shared/${RUN}/request.json is no JSON`)] });
    await expect(asked({ cluster: 'hadoop' })).rejects.toMatchObject({ problems: [expect.stringContaining('needs --cluster-dir')] });
    await expect(asked({ cluster: 'hadoop', 'cluster-dir': 'hdfs:///runs' })).rejects.toMatchObject({ code: 'PREFLIGHT_FAILED' });
  });
});

describe('how to go on with a run', () => {
  it('names what was given of where it lies, as words of a shell', () => {
    expect(resumeHere(RUN, undefined)).toBe(`go on with it by: carillon copy --resume ${RUN}`);
    expect(resumeHere(RUN, '/a b', { cluster: 'hadoop', 'cluster-dir': 's3://work-bucket/runs' })).toBe(
      `go on with it by: carillon copy --resume ${RUN} --run-dir '/a b' --cluster hadoop --cluster-dir s3://work-bucket/runs`,
    );
  });
});
