/** The local cluster gives the answers of real Hadoop 3.4.2, byte for byte, and one difference is enough to be seen. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HadoopDaemons, startHadoop } from '../hadoop/daemons.ts';
import { CONTRACT_CASES } from './cases.ts';
import type { CaseAnswer } from './contract-case.ts';
import { runOnLocalCluster } from './local.ts';
import { runOnLocalJobRunner } from './local-job-runner.ts';
import { runOnYarn } from './yarn.ts';

/** What is compared: the state, every output file byte for byte (latin1 shows bytes as they are), the counters. */
function compared({ status, output, counters }: CaseAnswer) {
  return { status, counters, output: Object.fromEntries(Object.entries(output).map(([name, content]) => [name, Buffer.from(content).toString('latin1')])) };
}

const of = (real: 'local-job-runner' | 'daemons') => CONTRACT_CASES.filter((each) => each.real === real).map((each) => [each.title, each] as const);

describe.concurrent('one JVM of Hadoop (LocalJobRunner)', { concurrent: true, timeout: 120_000 }, () => {
  it.each(of('local-job-runner'))('%s', async (_title, contractCase) => {
    const [real, local] = await Promise.all([runOnLocalJobRunner(contractCase), runOnLocalCluster(contractCase)]);
    expect(compared(local), `${local.log}\n${real.log.slice(-3000)}`).toEqual(compared(real));
  });

  it('sees one byte of difference', async () => {
    const contractCase = CONTRACT_CASES.find((each) => each.title.startsWith('keyonlytext on a map-only step'));
    if (contractCase === undefined) throw new Error('the case is gone');
    const real = await runOnLocalJobRunner(contractCase);
    const other = await runOnLocalCluster({
      ...contractCase,
      args: (paths) => contractCase.args(paths).map((word) => (word === 'cat' ? 'sed -e s/plain/plaim/' : word)),
    });
    expect(compared(other)).not.toEqual(compared(real));
  });
});

describe('the daemons of Hadoop (YARN, HDFS)', () => {
  let hadoop: HadoopDaemons;
  const folder = mkdtempSync(join(tmpdir(), 'carillon-hadoop-'));
  beforeAll(async () => {
    hadoop = await startHadoop(folder);
  }, 240_000);
  afterAll(async () => {
    await hadoop?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('jobs', { concurrent: true, timeout: 240_000 }, () => {
    it.each(of('daemons'))('%s', async (_title, contractCase) => {
      const [real, local] = await Promise.all([runOnYarn(contractCase, hadoop), runOnLocalCluster(contractCase)]);
      expect(compared(local), `${local.log}\n${real.log.slice(-3000)}`).toEqual(compared(real));
    });
  });
});
