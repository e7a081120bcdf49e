/** What happens to attempts on order: kills, and lost nodes whose programs live on. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClusterFaults } from '../../../infra/local/cluster/cluster-faults.ts';
import { localCluster } from '../../../infra/local/cluster/local-cluster.ts';
import type { RunEvent } from '../../../workflows/events/run-event.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'carillon-faults-'));
  await mkdir(join(directory, 'in'));
  await writeFile(join(directory, 'in', 'rows'), 'a\nb\n');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** The mapper says when it begins and ends in a file beside the job: what an orphan does is seen there. */
async function run(script: string, faults: ClusterFaults) {
  await writeFile(join(directory, 'map.sh'), script);
  const events: RunEvent[] = [];
  const cluster = localCluster({ events: (event) => events.push(event), workDirectory: join(directory, 'work'), faults });
  const args = ['-D', 'mapreduce.job.reduces=0', '-D', 'mapreduce.job.maps=1', '-D', 'stream.map.output=keyonlytext', '-D', 'mapreduce.map.maxattempts=3'];
  const words = [...args, '-files', join(directory, 'map.sh'), '-mapper', 'sh map.sh', '-cmdenv', `SEEN=${join(directory, 'seen')}`];
  const paths = ['-input', join(directory, 'in'), '-output', join(directory, 'out')];
  const outcome = await cluster.run({ name: 'faults', args: ['hadoop-streaming', ...words, ...paths] }, AbortSignal.timeout(60_000));
  await cluster.close();
  const failures = events.filter((event) => event.type === 'step.attempt-failed').map((event) => event.cause);
  const output = await readFile(join(directory, 'out', 'part-00000'), 'utf8').catch(() => null);
  return { outcome, failures, output, seen: await readFile(join(directory, 'seen'), 'utf8') };
}

const ATTEMPT = `attempt=\${mapreduce_task_attempt_id##*_}; echo "begin $attempt" >> $SEEN`;
const END = `cat; echo "by $attempt"; echo "end $attempt" >> $SEEN`;

describe('faults on order', () => {
  it('kill an attempt, which fails and runs again', async () => {
    const { outcome, failures, output, seen } = await run(`${ATTEMPT}; [ $attempt -ge 1 ] || sleep 30; ${END}`, {
      killEveryMilliseconds: 300,
      random: () => 0.5,
    });
    expect(outcome).toEqual({ status: 'completed' });
    expect(failures).toEqual(['subprocess failed with code 137']);
    expect(output).toBe('a\nb\nby 1\n');
    expect(seen).toBe('begin 0\nbegin 1\nend 1\n');
  });

  it('leave a program running whose node is lost, while its task runs again; its output goes nowhere', async () => {
    const faults = { orphanEveryMilliseconds: 400, random: () => 0.5 };
    const { outcome, failures, output, seen } = await run(`${ATTEMPT}; [ $attempt -ge 1 ] || sleep 1; ${END}`, faults);
    expect(outcome).toEqual({ status: 'completed' });
    expect(failures).toEqual(['its node was lost; its program lives on as an orphan']);
    expect(output).toBe('a\nb\nby 1\n');
    expect(seen).toBe('begin 0\nbegin 1\nend 1\nend 0\n');
  });

  it('count kills against the attempts of a task, and lost nodes not', async () => {
    const { outcome } = await run(`${ATTEMPT}; sleep 30; ${END}`, { killEveryMilliseconds: 200, random: () => 0.5 });
    expect(outcome).toMatchObject({ status: 'failed', cause: expect.stringContaining('was the last of 3 attempts') });
    await rm(join(directory, 'seen'));
    await rm(join(directory, 'out'), { recursive: true, force: true });
    const lost = await run(`${ATTEMPT}; [ $attempt -ge 4 ] || sleep 1; ${END}`, { orphanEveryMilliseconds: 200, random: () => 0.5 });
    expect(lost.outcome).toEqual({ status: 'completed' });
    expect(lost.output).toBe('a\nb\nby 4\n');
  });
});
