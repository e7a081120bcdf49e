import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../cli/main.ts';
import type { RunOutput } from '../../../workflows/events/run-output.ts';
import { capturedHost } from '../../helpers/captured-host.ts';
import { type FilledStore, filledStore } from '../../helpers/filled-store.ts';

let folder = '';
let filled: FilledStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-athena-'));
  filled = await filledStore(folder);
});
afterAll(async () => {
  await filled.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a copy between two prefixes with a diff. */
async function compared(name: string, from: string, to: string, diff: object) {
  const file = join(folder, `${name}.json`);
  const side = (bucket: string, prefix: string) => ({ bucket, prefix, endpointUrl: filled.store.url });
  await writeFile(file, JSON.stringify({ source: side('one', from), destination: side('two', to), diff }));
  const host = capturedHost({ env: filled.env('owner', {}), signal: new AbortController().signal });
  const runs = join(folder, name);
  const code = await main(['run', file, '--run-dir', runs, '--json'], host);
  const [id = ''] = await readdir(runs);
  const read = async (path: string) => await readFile(join(runs, id, path), 'utf8');
  const entered = host.stdout
    .text()
    .split('\n')
    .flatMap((line) => (line.includes('"state.entered"') ? [JSON.parse(line).state as string] : []));
  return {
    code,
    entered,
    diff: join(runs, id, 'diff', 'try-1'),
    output: JSON.parse(await read('output.json')) as RunOutput,
    ledger: await ledger(join(runs, id)),
  };
}

/** Keys, ETags and outcomes of a run's ledger, in order. */
async function ledger(run: string): Promise<readonly string[]> {
  const folderOf = join(run, 'rounds', '1', 'ledger', 'try-1');
  const names = await readdir(folderOf).catch(() => []);
  const texts = await Promise.all(names.filter((name) => name.startsWith('part-')).map((name) => readFile(join(folderOf, name), 'utf8')));
  const rows = texts.flatMap((text) => text.split('\n')).filter((row) => row !== '');
  return rows.map((row) => [0, 2, 3, 4, 6].map((column) => row.split('\t')[column]).join(' ')).toSorted();
}

async function fill(prefix: string): Promise<void> {
  for (const key of ['same', 'changed', 'only/é', '100%']) await filled.put('one', `${prefix}${key}`, `${key} of the source`);
}

async function fillDestination(prefix: string): Promise<void> {
  await filled.put('two', `${prefix}same`, 'same of the source');
  await filled.put('two', `${prefix}changed`, 'before');
  await filled.put('two', `${prefix}extra`, 'only here');
}

describe('a diff by Athena on this machine', () => {
  it('ends with the same ledger and the same books as one by Hive, and leaves what is extra as gzip', async () => {
    await fill('from/');
    for (const prefix of ['athena/', 'hive/']) await fillDestination(prefix);
    const [athena, hive] = [
      await compared('athena', 'from/', 'athena/', { engine: 'athena', extras: true }),
      await compared('hive', 'from/', 'hive/', { engine: 'hive', extras: true }),
    ];
    expect({ code: athena.code, rows: athena.ledger.length }).toEqual({ code: 0, rows: 3 });
    expect(athena.ledger).toEqual(hive.ledger);
    expect(athena.output.books).toEqual(hive.output.books);
    expect(athena.output.books).toMatchObject({ balanced: true, outcomes: { copied: { objects: 3 }, unchanged: { objects: 1 } } });
    expect(athena.entered).toEqual(expect.arrayContaining(['Count verdicts', 'Write rows to copy', 'Write extra rows', 'Drop tables']));
    expect((await readdir(athena.diff)).toSorted()).toEqual(['_SUCCESS', 'counts', 'extra', 'to-copy']);
    expect(await readdir(join(athena.diff, 'extra'))).toEqual(['part-00000.gz']);
  });

  it('writes no rows where both sides are equal, and has nothing to do', async () => {
    await fill('equal/');
    for (const key of ['same', 'changed', 'only/é', '100%']) await filled.put('two', `equal/${key}`, `${key} of the source`);
    const { code, entered, output, diff } = await compared('equal', 'equal/', 'equal/', { engine: 'athena', extras: true });
    expect({ code, books: output.books?.outcomes.unchanged.objects }).toEqual({ code: 0, books: 4 });
    expect(entered).not.toContain('Write rows to copy');
    expect(entered).not.toContain('Plan parts');
    expect((await readdir(diff)).toSorted()).toEqual(['_SUCCESS', 'counts']);
  });
});
