import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resumeFound } from '../../../cli/commands/resume-hint.ts';
import { main } from '../../../cli/main.ts';
import { capturedHost } from '../../helpers/captured-host.ts';
import { type FilledStore, filledStore } from '../../helpers/filled-store.ts';

const CLIENT = resolve(import.meta.dirname, '../../helpers/hadoop-client.ts');

let folder = '';
let filled: FilledStore;
/** Where the nodes and this machine see the run directories. */
let shared = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-on-hadoop-'));
  shared = join(folder, 'shared');
  filled = await filledStore(folder, 100);
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'core-site.xml'), '<configuration></configuration>');
  for (const [name, words] of [
    ['hadoop', '"$@"'],
    ['hive', 'hive "$@"'],
  ] as const)
    await writeFile(join(folder, 'bin', name), `#!/bin/sh\nexec ${process.execPath} ${CLIENT} ${words}\n`, { mode: 0o755 });
});
afterAll(async () => {
  await filled.close();
  await rm(folder, { recursive: true, force: true });
});

/** A command whose steps run on the Hadoop; its locks, events and scratch space lie on this machine. */
async function onHadoop(words: readonly string[], signal = new AbortController().signal) {
  const over = { HADOOP_CONF_DIR: folder, HADOOP_HOME: folder, HIVE_HOME: folder, HADOOP_STREAMING_JAR: '/streaming.jar' };
  const host = capturedHost({ env: filled.env('owner', over), signal });
  const where = ['--run-dir', join(folder, 'here'), '--cluster', 'hadoop', '--cluster-dir', `file://${shared}`];
  return { code: await main([...words, ...where], host), stdout: host.stdout.text(), stderr: host.stderr.text() };
}

/** Waits until a step of the only run has begun. */
async function begun(step: string): Promise<string> {
  for (;;) {
    const [id = ''] = await readdir(shared).catch(() => []);
    if (await stat(join(shared, id, '_steps', `${step}.json`)).then(Boolean, () => false)) return id;
    await new Promise((waited) => setTimeout(waited, 20));
  }
}

describe('a Hadoop', () => {
  it('has its run resumed as it is told, and then verified with its ledger', async () => {
    for (let at = 0; at < 20; at += 1) await filled.put('one', `stop/${at}`, 'x');
    const controller = new AbortController();
    const copying = onHadoop(['copy', 's3://one/stop/', 's3://two/stop/', '--quiet'], controller.signal);
    const id = await Promise.race([begun('copy-objects.r1.t1'), copying.then(({ stderr }) => Promise.reject(new Error(`the run has ended: ${stderr}`)))]);
    controller.abort();
    const stopped = await copying;
    expect(stopped).toMatchObject({ code: 130 });
    expect(stopped.stderr).toContain(`copy --resume ${id} --run-dir ${join(folder, 'here')} --cluster hadoop --cluster-dir file://${shared}`);
    const [found = 'no hint'] = await resumeFound({ runId: id, folder: join(folder, 'here', id) }, join(folder, 'here'));
    expect(stopped.stderr.split('\n').filter((line) => line.endsWith(found))).toHaveLength(1);
    expect(await onHadoop(['copy', '--resume', id, '--quiet'])).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(await readFile(join(shared, id, 'output.json'), 'utf8'))).toMatchObject({ books: { outcomes: { copied: { objects: 20 } } } });
    await filled.put('two', 'stop/7', 'another');
    const verified = await onHadoop(['verify', 's3://one/stop/', 's3://two/stop/', '--run', id, '--quiet']);
    expect({ code: verified.code, rows: verified.stdout.split('\n').map((row) => row.split('\t').slice(0, 2)) }).toEqual({
      code: 1,
      rows: [['7', 'size'], ['']],
    });
  }, 120_000);

  it('compares two sides and brings the rows here', async () => {
    for (const [bucket, key, body] of [
      ['one', 'same', 'x'],
      ['two', 'same', 'x'],
      ['one', 'new', 'x'],
      ['one', 'other', 'x'],
      ['two', 'other', 'y'],
      ['two', 'gone', 'x'],
    ] as const)
      await filled.put(bucket, `compared/${key}`, body);
    const before = await readdir(shared);
    const compared = await onHadoop(['diff', 's3://one/compared/', 's3://two/compared/', '--quiet']);
    expect(compared).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(shared)).toHaveLength(before.length + 1);
    const rows = compared.stdout.split('\n').slice(0, -1);
    expect(rows.map((row) => row.split('\t').slice(0, 2)).toSorted()).toEqual([
      ['different', 'other'],
      ['extra', 'gone'],
      ['missing', 'new'],
    ]);
  }, 120_000);
});
