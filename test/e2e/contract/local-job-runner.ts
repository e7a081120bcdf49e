/** Real Hadoop in one JVM (LocalJobRunner): no retries, the client's own folder as working directory. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classPath, hadoopJars } from '../hadoop/jars.ts';
import { SHORT_LIVED } from '../hadoop/jvm.ts';
import { layOut, readOutput } from './case-files.ts';
import type { CaseAnswer, ContractCase } from './contract-case.ts';

/** Values of `group.name` from the table of counters that the client prints at the end of a job. */
export function countersOf(clientLog: string, names: readonly string[]): Readonly<Record<string, number>> {
  const values: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0]));
  let group = '';
  for (const line of clientLog.split('\n')) {
    const [, heading] = /^\t(\S.*)$/.exec(line) ?? [];
    const [, counter, value] = /^\t\t(.+)=(\d+)$/.exec(line) ?? [];
    if (heading !== undefined) group = heading;
    else if (counter !== undefined && Object.hasOwn(values, `${group}.${counter}`)) values[`${group}.${counter}`] = Number(value);
  }
  return values;
}

/** Runs a client of Hadoop and gives its exit code and what it printed. */
export function runJava(args: readonly string[], cwd: string): Promise<{ readonly code: number; readonly log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('java', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, log: Buffer.concat(chunks).toString('utf8') }));
  });
}

/** Runs one case. */
export async function runOnLocalJobRunner(contractCase: ContractCase): Promise<CaseAnswer & { readonly log: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-ljr-'));
  const paths = layOut(contractCase, folder);
  const cwd = join(folder, 'cwd');
  mkdirSync(cwd);
  const jvm = ['-Xmx512m', ...SHORT_LIVED, '-cp', classPath(hadoopJars()), 'org.apache.hadoop.streaming.HadoopStreaming'];
  const log4j = `-Dlog4j.configuration=file:${join(import.meta.dirname, '../hadoop/log4j.properties')}`;
  try {
    const { code, log } = await runJava([log4j, ...jvm, '-D', `hadoop.tmp.dir=${join(folder, 'tmp')}`, ...contractCase.args(paths)], cwd);
    return { status: code === 0 ? 'completed' : 'failed', output: readOutput(paths.output), counters: countersOf(log, contractCase.counters ?? []), log };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
