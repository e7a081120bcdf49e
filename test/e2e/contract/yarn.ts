/** Real Hadoop as a cluster: YARN, HDFS and the job history; input and output lie on HDFS. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HadoopDaemons } from '../hadoop/daemons.ts';
import { classPath, hadoopJars } from '../hadoop/jars.ts';
import { OPENS, SHORT_LIVED } from '../hadoop/jvm.ts';
import { layOut, readOutput } from './case-files.ts';
import type { CaseAnswer, ContractCase } from './contract-case.ts';
import { countersOf, runJava } from './local-job-runner.ts';

const JVM = ['-Xmx256m', ...SHORT_LIVED, OPENS];

/** Runs one case on the daemons. */
export async function runOnYarn(contractCase: ContractCase, hadoop: HadoopDaemons): Promise<CaseAnswer & { readonly log: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-yarn-'));
  try {
    return await runIn(folder, contractCase, hadoop);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runIn(folder: string, contractCase: ContractCase, hadoop: HadoopDaemons): Promise<CaseAnswer & { readonly log: string }> {
  const local = layOut(contractCase, folder);
  const cwd = join(folder, 'cwd');
  mkdirSync(cwd);
  const java = (main: string, args: readonly string[]) => runJava([...JVM, '-cp', classPath(hadoopJars(), hadoop.configuration), main, ...args], cwd);
  const shell = (...args: readonly string[]) => java('org.apache.hadoop.fs.FsShell', args);
  const paths = { input: `${hadoop.fileSystem}${folder}/input`, output: `${hadoop.fileSystem}${folder}/output`, files: local.files };
  await shell('-mkdir', '-p', `${hadoop.fileSystem}${folder}`);
  await shell('-put', local.input, paths.input);
  const { code, log } = await java('org.apache.hadoop.streaming.HadoopStreaming', contractCase.args(paths));
  if (!/job_\d{10,}_\d+/.test(log)) throw new Error(`the job did not run on YARN: ${log.slice(-2000)}`);
  await shell('-get', paths.output, local.output);
  return { status: code === 0 ? 'completed' : 'failed', output: readOutput(local.output), counters: countersOf(log, contractCase.counters ?? []), log };
}
