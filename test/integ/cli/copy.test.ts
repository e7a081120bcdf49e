import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../cli/main.ts';
import type { RunOutput, RunSummary } from '../../../workflows/events/run-output.ts';
import { capturedHost } from '../../helpers/captured-host.ts';
import { type FilledStore, filledStore } from '../../helpers/filled-store.ts';

const ODD_KEYS = [
  'plain',
  'a b',
  ' both ends ',
  'tab\there',
  'line\nend',
  'cr\rlf\r\n',
  '100%',
  '%41',
  'back\\slash',
  'emoji 😀',
  'sep\u2028',
  '//',
  './..',
  'folder/',
  'é'.repeat(500),
];

let folder = '';
let filled: FilledStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-copy-'));
  filled = await filledStore(folder);
});
afterAll(async () => {
  await filled.close();
  await rm(folder, { recursive: true, force: true });
});

async function carillon(words: readonly string[], { as = 'owner', over = {} }: { as?: string; over?: Readonly<Record<string, string>> } = {}) {
  const host = capturedHost({ env: filled.env(as, over) });
  const code = await main(words, host);
  return { code, stdout: host.stdout.text(), stderr: host.stderr.text() };
}

/** The same as a process of its own: the vendor's SDK reads profiles by the variables of the process. */
async function carillonProcess(words: readonly string[], { over = {} }: Parameters<typeof carillon>[1] = {}) {
  const child = spawn('cli/bin/carillon', words, { env: filled.env('owner', over), stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'close');
  return { code: code as number, stdout: '', stderr: '' };
}

/** Runs a copy or diff in a folder of its own and reads what it left there. */
async function runIn(name: string, words: readonly string[], options: Parameters<typeof carillon>[1] = {}, run = carillon) {
  const runs = join(folder, name);
  const end = await run([...words, '--run-dir', runs], options);
  const [id = ''] = await readdir(runs);
  const json = async (file: string) => JSON.parse(await readFile(join(runs, id, file), 'utf8'));
  return { ...end, run: join(runs, id), json, output: (await json('output.json')) as RunOutput, summary: (await json('summary.json')) as RunSummary };
}

/** Key below the prefix, ETag and size of every object. */
async function listing(bucket: string, prefix: string): Promise<readonly string[]> {
  const file = join(folder, 'listing.tsv');
  const { code, stderr } = await carillon(['list', `s3://${bucket}/${prefix}`, '--output', file, '--quiet']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const rows = (await readFile(file, 'utf8')).split('\n').filter((row) => row !== '');
  return rows.map((row) => row.split('\t').slice(0, 3).join('\t').slice(prefix.length)).toSorted();
}

describe('carillon copy', () => {
  it('copies every key as it is, keeps every ETag, and prints books that balance', async () => {
    for (const [at, key] of ODD_KEYS.entries()) await filled.put('one', `odd/${key}`, 'x'.repeat(at));
    const { code, stdout, output, summary } = await runIn('odd', ['copy', 's3://one/odd/', 's3://two/kept/']);
    expect(stdout).toContain(`balanced     ${ODD_KEYS.length} = ${ODD_KEYS.length} + 0 + 0 + 0`);
    expect(code).toBe(0);
    expect(await listing('two', 'kept/')).toEqual(await listing('one', 'odd/'));
    expect(output).toMatchObject({
      status: 'succeeded',
      source: 's3://one/odd/',
      destination: 's3://two/kept/',
      books: { listed: { objects: ODD_KEYS.length } },
    });
    expect(summary.requests).toMatchObject({ CopyObject: ODD_KEYS.length });
  });

  it('with --diff copies what is missing or different, and the second time nothing', async () => {
    for (const key of ['same', 'changed', 'new']) await filled.put('one', `diff/${key}`, key);
    for (const [key, body] of [
      ['same', 'same'],
      ['changed', 'before'],
      ['extra', 'x'],
    ] as const)
      await filled.put('two', `diff/${key}`, body);
    const first = await runIn('diff-1', ['copy', 's3://one/diff/', 's3://two/diff/', '--diff']);
    expect(first.output.books).toMatchObject({ balanced: true, outcomes: { copied: { objects: 2 }, unchanged: { objects: 1 } } });
    expect(first.stderr).toContain('1 missing, 1 different, 1 unchanged');
    const second = await runIn('diff-2', ['copy', 's3://one/diff/', 's3://two/diff/', '--diff']);
    expect(second.output.books).toMatchObject({ balanced: true, outcomes: { copied: { objects: 0 }, unchanged: { objects: 3 } } });
    expect(Object.keys(second.summary.steps).toSorted()).toEqual(['diff.t1', 'list-destination.t1', 'list-source.t1']);
  });

  it('is done with an empty prefix after the listing', async () => {
    const { code, summary } = await runIn('empty', ['copy', 's3://one/nothing/', 's3://two/nothing/']);
    expect(code).toBe(0);
    expect(summary).toMatchObject({ books: { balanced: true, listed: { objects: 0 } } });
    expect(Object.keys(summary.steps)).toEqual(['list-source.t1']);
  });

  it('skips what lies in an archive, with the reason, and is well all the same', async () => {
    await filled.put('one', 'cold/a', 'a', { StorageClass: 'GLACIER' });
    await filled.put('one', 'cold/b', 'b', { StorageClass: 'STANDARD_IA' });
    const { code, stdout, output } = await runIn('cold', ['copy', 's3://one/cold/', 's3://two/cold/']);
    expect(output.books).toMatchObject({ balanced: true, outcomes: { copied: { objects: 1 }, skipped: { objects: 1 } }, reasons: { archived: 1 } });
    expect(stdout).toContain('archived: 1 (the object lies in an archive class and is not restored)');
    expect(code).toBe(0);
  });

  it('streams between two profiles that may not see each other, and says so in the plan', async () => {
    const section = (name: string) => `[${name}]\naws_access_key_id = ${name}\naws_secret_access_key = ${name}-secret\n`;
    await writeFile(join(folder, 'credentials'), section('reader') + section('writer'));
    const over = { AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'), AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
    for (const key of ['a', 'b']) await filled.put('source', `two/${key}`, key.repeat(1000));
    const words = ['copy', 's3://source/two/', 's3://destination/two/', '--source-profile', 'reader', '--destination-profile', 'writer'];
    const { code, json, summary } = await runIn('profiles', [...words, '--quiet'], { over }, carillonProcess);
    expect(code).toBe(0);
    expect(summary.requests).toMatchObject({ GetObject: 2, PutObject: 2 });
    expect((await json('plan-1.json')).steps.copyObjects.args.join(' ')).toContain('--mode streaming');
    expect(JSON.stringify(await json('plan-1.json'))).not.toContain('-secret');
  });

  it('exits with 1 where objects failed, and names the reason', async () => {
    for (const key of ['a', 'b']) await filled.put('source', `denied/${key}`, 'a');
    const Principal = { AWS: '222222222222' };
    const allow = { Effect: 'Allow', Principal, Action: 's3:*', Resource: ['arn:aws:s3:::source', 'arn:aws:s3:::source/*'] };
    const deny = { Effect: 'Deny', Principal, Action: 's3:GetObject', Resource: 'arn:aws:s3:::source/denied/b' };
    await filled.setPolicy('source', { Version: '2012-10-17', Statement: [allow, deny] });
    const { code, output, stderr } = await runIn('denied', ['copy', 's3://source/denied/', 's3://destination/denied/', '--quiet'], { as: 'writer' });
    expect(output).toMatchObject({
      status: 'partial',
      books: { balanced: true, outcomes: { copied: { objects: 1 }, failed: { objects: 1 } }, reasons: { 'access-denied': 1 } },
    });
    expect(stderr).toMatch(/^run \S+: 1 objects failed\n$/);
    expect(code).toBe(1);
  });

  it('with --dry-run counts and writes nothing', async () => {
    await filled.put('one', 'dry/a', 'abc');
    const { code, stderr } = await runIn('dry', ['copy', 's3://one/dry/', 's3://two/dry/', '--dry-run']);
    expect({ code, listed: await listing('two', 'dry/') }).toEqual({ code: 0, listed: [] });
    expect(stderr).toContain('would copy 1 object, 3 B');
  });

  it('with --json writes events alone, with --quiet nothing', async () => {
    await filled.put('one', 'show/a', 'abc');
    const { stdout, stderr } = await runIn('json', ['copy', 's3://one/show/', 's3://two/show/', '--json']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([events[0].type, events.at(-1).type, stderr]).toEqual(['run.started', 'run.finished', '']);
    expect(events.at(-1)).toMatchObject({ status: 'succeeded', books: { balanced: true } });
    expect(events.filter((event) => event.type === 'step.finished').map((event) => event.step)).toEqual([
      'list-source.t1',
      'plan-parts.r1.t1',
      'copy-objects.r1.t1',
      'complete-uploads.r1.t1',
      'reconcile.r1.t1',
      'sweep-uploads.t1',
    ]);
    expect(await runIn('quiet', ['copy', 's3://one/show/', 's3://two/show/', '--quiet'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('lists the partitions of a part file, each key once', async () => {
    for (const key of ['00', '000/00', '0f', '1a']) await filled.put('one', `parts/${key}`, key);
    await writeFile(join(folder, 'part.tsv'), '# the test set\n/,0\n,000/\n,1\n');
    const { output, run } = await runIn('partitions', ['copy', 's3://one/parts/', 's3://two/parts/', '--partitions', join(folder, 'part.tsv')]);
    expect(output.books).toMatchObject({ balanced: true, duplicates: 0, outcomes: { copied: { objects: 4 } } });
    expect(await readFile(join(run, 'partitions', 'part.tsv'), 'utf8')).toBe('/,0\n,000/\n,1\n');
  });

  it('leaves no scratch space behind', async () => {
    const { run } = await runIn('scratch', ['copy', 's3://one/parts/', 's3://two/parts/']);
    expect(await readdir(run)).not.toContain('_work');
  });

  it('that is interrupted ends with 130 and leaves no process behind', async () => {
    for (let at = 0; at < 40; at += 1) await filled.put('one', `slow/${at}`, 'x');
    const slow = await filledStore(folder, 2_000);
    const env = { ...filled.env('owner'), AWS_ENDPOINT_URL_S3: slow.store.url };
    const child = spawn('cli/bin/carillon', ['copy', 's3://one', 's3://two', '--run-dir', join(folder, 'stopped')], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    expect(code).toBe(130);
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(join(folder, 'stopped'));
    await slow.close();
  });
});

describe('carillon diff', () => {
  it('prints a row an object with its verdict, and the counts beside it', async () => {
    for (const key of ['same', 'changed', 'new']) await filled.put('one', `rows/${key}`, key);
    for (const [key, body] of [
      ['same', 'same'],
      ['changed', 'before'],
      ['extra', 'x'],
    ] as const)
      await filled.put('two', `rows/${key}`, body);
    const { code, stdout, stderr } = await runIn('rows', ['diff', 's3://one/rows/', 's3://two/rows/']);
    const verdicts = stdout
      .trimEnd()
      .split('\n')
      .map((row) => row.split('\t').slice(0, 2).join(' '));
    expect(verdicts.toSorted()).toEqual(['different changed', 'extra extra', 'missing new']);
    expect(stderr).toContain('1 missing, 1 different, 1 unchanged, 1 extra');
    expect(code).toBe(0);
  });

  it('writes the rows to a file beside the events, and without one the events alone', async () => {
    const file = join(folder, 'rows.tsv');
    const { stdout } = await runIn('rows-json', ['diff', 's3://one/rows/', 's3://two/rows/', '--json', '--output', file]);
    expect(stdout.split('\n').filter((line) => line !== '' && !line.startsWith('{'))).toEqual([]);
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(4);
    const alone = await runIn('rows-alone', ['diff', 's3://one/rows/', 's3://two/rows/', '--json']);
    expect(alone.stdout.split('\n').filter((line) => line !== '' && !line.startsWith('{'))).toEqual([]);
  });
});

describe('carillon list', () => {
  it('lists whole keys of a prefix', async () => {
    const file = join(folder, 'whole.tsv');
    await carillon(['list', 's3://one/parts/0', '--output', file]);
    const keys = (await readFile(file, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((row) => row.split('\t')[0]);
    expect(keys.toSorted()).toEqual(['parts/00', 'parts/000/00', 'parts/0f']);
  });

  it('lists to standard output, and nothing else goes there', async () => {
    const { code, stdout, stderr } = await carillon(['list', 's3://one/parts/0']);
    const keys = stdout.split('\n').map((row) => row.split('\t')[0]);
    expect(stderr).toContain('1 in, 3 out');
    expect({ code, keys: keys.toSorted() }).toEqual({ code: 0, keys: ['', 'parts/00', 'parts/000/00', 'parts/0f'] });
  });

  it('says that the listing is not whole where its output is full', async () => {
    expect(await carillon(['list', 's3://one', '--output', '/dev/full'])).toMatchObject({ code: 1, stderr: expect.stringContaining('(ENOSPC)') });
  });

  it('that is interrupted ends with 130 and says by what', async () => {
    const slow = await filledStore(folder, 2_000);
    const env = { ...filled.env('owner'), AWS_ENDPOINT_URL_S3: slow.store.url };
    const words = ['list', 's3://one', '--json', '--output', join(folder, 'interrupted.tsv')];
    const child = spawn('cli/bin/carillon', words, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    const [begun] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGINT');
    const [rest, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    expect({ begun: begun.toString(), rest, code }).toEqual({
      begun: expect.stringContaining('step.started'),
      rest: expect.stringMatching(/step\.failed.*told to end by SIGINT/),
      code: 130,
    });
    await slow.close();
  });

  it('ends where its standard output is full, or its reader has gone', async () => {
    const list = 'cli/bin/carillon list s3://one --quiet';
    const ended = async (command: string) => {
      const child = spawn('bash', ['-c', command], { env: filled.env('owner'), stdio: ['ignore', 'ignore', 'pipe'] });
      const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
      return { code: code as number, stderr };
    };
    expect(await ended(`${list} > /dev/full`)).toMatchObject({ code: 1, stderr: expect.stringContaining('(ENOSPC)') });
    expect(await ended(`${list} | sleep 0; exit \${PIPESTATUS[0]}`)).toEqual({ code: 1, stderr: '' });
  });

  it('refuses a file that cannot be written before it lists', async () => {
    expect(await carillon(['list', 's3://one', '--output', join(folder, 'no', 'file')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot be written (ENOENT)'),
    });
  });
});
