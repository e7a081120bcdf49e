/** The project's own local cluster, given the same cases. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localCluster } from '../../../infra/local/cluster/local-cluster.ts';
import { layOut, readOutput } from './case-files.ts';
import type { CaseAnswer, ContractCase } from './contract-case.ts';

/** Runs one case on the local cluster. */
export async function runOnLocalCluster(contractCase: ContractCase): Promise<CaseAnswer & { readonly log: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-local-'));
  const paths = layOut(contractCase, folder);
  const counted: Record<string, number> = Object.fromEntries((contractCase.counters ?? []).map((name) => [name, 0]));
  const cluster = localCluster({
    workDirectory: join(folder, 'work'),
    concurrentTasks: 4,
    onCounters: (_step, counters) => {
      for (const [group, names] of counters)
        for (const [name, value] of names) if (Object.hasOwn(counted, `${group}.${name}`)) counted[`${group}.${name}`] = value;
    },
  });
  try {
    const outcome = await cluster.run({ name: 'contract', args: ['hadoop-streaming', ...contractCase.args(paths)] }, AbortSignal.timeout(300_000));
    return {
      status: outcome.status === 'completed' ? 'completed' : 'failed',
      output: readOutput(paths.output),
      counters: counted,
      log: JSON.stringify(outcome),
    };
  } finally {
    await cluster.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
