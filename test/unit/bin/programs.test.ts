import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main as completeUploads } from '../../../emr-steps/bin/complete-uploads.ts';
import { main as copyObjects } from '../../../emr-steps/bin/copy-objects.ts';
import { StoppedError } from '../../../emr-steps/bin/explain-error.ts';
import { main as listObjects } from '../../../emr-steps/bin/list-objects.ts';
import { main as planParts } from '../../../emr-steps/bin/plan-parts.ts';
import { main as reconcile } from '../../../emr-steps/bin/reconcile.ts';
import { type CopyResult, copyResult } from '../../../emr-steps/records/copy-result.ts';
import { copyTask } from '../../../emr-steps/records/copy-task.ts';
import { ledgerRow } from '../../../emr-steps/records/ledger-row.ts';
import { FakeConnection, runProgram } from './run-program.ts';

const ETAG = '0123456789abcdef0123456789abcdef';
const SIDES = ['--source-bucket', 'from', '--source-region', 'eu-west-1', '--destination-bucket', 'to', '--destination-region', 'us-west-2'];
const TASK = { mapreduce_task_attempt_id: 'attempt_1795216206768_0001_m_000002_1', mapreduce_task_partition: '2' };
const NOW = new Date('2026-11-21T01:02:03.000Z');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'programs-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

function result(key: string, more: Partial<CopyResult> = {}): string {
  const row = {
    key,
    kind: 'whole',
    sourceEtag: ETAG,
    size: 3,
    outcome: 'copied',
    etag: ETAG,
    proof: 'etag',
    reason: null,
    detail: null,
    mode: 'server-side',
    attempt: 0,
    drift: null,
  };
  return copyResult.encode({ ...row, time: '2026-11-21 01:02:03', ...more } as CopyResult);
}

describe('list-objects', () => {
  it('asks for nothing where the part file holds comments alone', async () => {
    const fake = new FakeConnection();
    const argv = ['--bucket', 'b', '--region', 'eu-west-1', '--prefix', 'p%2F'];
    const ran = await runProgram(listObjects, { argv, input: '# delimiter,prefix\n\n', bindings: { connect: fake.connect } });
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(fake.sides[0]?.side).toMatchObject({ bucket: 'b', prefix: 'p/' });
  });

  it('ends with 2 at a line that is no partition', async () => {
    const ran = await runProgram(listObjects, {
      argv: ['--bucket', 'b', '--region', 'r'],
      input: 'no comma\n',
      bindings: { connect: new FakeConnection().connect },
    });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('list-objects: LINE_MALFORMED: line 1 of the input: ');
  });
});

describe('plan-parts', () => {
  it('plans a listed object that needs no request', async () => {
    const fake = new FakeConnection();
    const input = `a%0Ab\t${ETAG}\t5\t2015-12-24 05:26:19\tSTANDARD\n`;
    const ran = await runProgram(planParts, { argv: SIDES, input, bindings: { connect: fake.connect } });
    expect(ran.code).toBe(0);
    expect(copyTask.decode(ran.stdout.trimEnd())).toMatchObject({ kind: 'whole', key: 'a\nb', size: 5, storageClass: 'STANDARD' });
    expect(ran.stderr).toContain('reporter:counter:carillon,records in,1\n');
    expect(fake.closed).toBe(1);
  });

  it("reads Campanile's own lines, which are not encoded", async () => {
    const argv = [...SIDES, '--input-format', 'campanile', '--storage-class', 'STANDARD_IA'];
    const ran = await runProgram(planParts, { argv, input: `100%\t${ETAG}\t5\t2015-12-24 05:26:19\n`, bindings: { connect: new FakeConnection().connect } });
    expect(copyTask.decode(ran.stdout.trimEnd())).toMatchObject({ key: '100%', storageClass: 'STANDARD_IA' });
  });

  it('ends with 2 and one line at a malformed line, with its number', async () => {
    const input = `a\t${ETAG}\t5\t2015-12-24 05:26:19\na\tb\n`;
    const ran = await runProgram(planParts, { argv: SIDES, input, bindings: { connect: new FakeConnection().connect } });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^plan-parts: LINE_MALFORMED: line 2 of the input: .*$/m);
  });

  it('tells each side what it must know', async () => {
    const fake = new FakeConnection();
    const own = ['--source-expected-bucket-owner', '111111111111', '--source-request-payer', '--source-prefix', 'p/', '--concurrency', '9', '--run-id', 'r-1'];
    await runProgram(planParts, { argv: [...SIDES, ...own], bindings: { connect: fake.connect } });
    expect(fake.sides.map(({ side }) => [side.bucket, side.region, side.prefix])).toEqual([
      ['from', 'eu-west-1', 'p/'],
      ['to', 'us-west-2', ''],
    ]);
    expect(fake.sides[1]?.other).toEqual({ sourceBucketOwner: '111111111111', requestPayer: true });
    expect(fake.settings[0]).toMatchObject({
      concurrency: 9,
      maxAttempts: 8,
      requestTimeoutMilliseconds: 60_000,
      userAgent: 'carillon/1 program/plan-parts run/r-1',
    });
  });
});

describe('copy-objects', () => {
  const settled = copyTask.encode({
    kind: 'settled',
    key: 'k',
    etag: ETAG,
    size: 1,
    mtime: null,
    storageClass: null,
    outcome: 'skipped',
    reason: 'archived',
    detail: null,
  });

  it('hands on what plan settled, with the number of the attempt', async () => {
    const ran = await runProgram(copyObjects, {
      argv: SIDES,
      env: TASK,
      input: `${settled}\n`,
      bindings: { connect: new FakeConnection().connect, now: () => NOW },
    });
    expect(copyResult.decode(ran.stdout.trimEnd())).toMatchObject({
      kind: 'settled',
      outcome: 'skipped',
      reason: 'archived',
      attempt: 1,
      time: '2026-11-21 01:02:03',
    });
  });

  it('sends nothing in a dry run', async () => {
    const fake = new FakeConnection();
    const whole = copyTask.encode({ kind: 'whole', key: 'k', etag: ETAG, size: 1, mtime: null, storageClass: null, checksum: null });
    const ran = await runProgram(copyObjects, { argv: [...SIDES, '--dry-run'], input: `${whole}\n`, bindings: { connect: fake.connect } });
    expect(ran.code).toBe(0);
    expect(fake.requests).toEqual([]);
  });

  it('writes statistics of the attempt into the directory given, last of all as finished', async () => {
    const argv = [...SIDES, '--statistics', `file://${directory}/stats`];
    await runProgram(copyObjects, { argv, env: TASK, input: `${settled}\n`, bindings: { connect: new FakeConnection().connect, now: () => NOW } });
    expect(await readdir(join(directory, 'stats'))).toEqual(['attempt_1795216206768_0001_m_000002_1.json']);
    const written: unknown = JSON.parse(await readFile(join(directory, 'stats', 'attempt_1795216206768_0001_m_000002_1.json'), 'utf8'));
    expect(written).toMatchObject({ version: 1, program: 'copy-objects', recordsIn: 1, recordsOut: 1, finished: true });
  });

  it('works on where statistics cannot be written, and says so', async () => {
    const argv = [...SIDES, '--statistics', '/dev/null/stats'];
    const ran = await runProgram(copyObjects, { argv, input: `${settled}\n`, bindings: { connect: new FakeConnection().connect } });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/statistics cannot be written to \/dev\/null\/stats: /);
  });

  it('writes statistics to a bucket', async () => {
    const fake = new FakeConnection(() => ({ status: 200, headers: { etag: '"x"' }, bytes: new Uint8Array(), attempts: 1 }));
    await runProgram(copyObjects, { argv: [...SIDES, '--statistics', 's3://runs/r-1/_stats/'], env: TASK, bindings: { connect: fake.connect } });
    expect(fake.requests).toHaveLength(1);
    expect(fake.requests[0]).toMatchObject({ operation: 'PutObject', key: 'r-1/_stats/attempt_1795216206768_0001_m_000002_1.json' });
    expect(fake.sides.at(-1)?.side).toMatchObject({ bucket: 'runs' });
  });

  it('ends with 128 and the number of the signal that ended it', async () => {
    const signal = AbortSignal.abort(new StoppedError('SIGTERM', 15));
    const ran = await runProgram(copyObjects, { argv: SIDES, input: `${settled}\n`, bindings: { connect: new FakeConnection().connect, signal } });
    expect(ran).toMatchObject({ code: 143, stdout: '' });
    expect(ran.stderr).toContain('copy-objects: STOPPED: told to end by SIGTERM; what was begun is left as it is\n');
  });
});

describe('complete-uploads', () => {
  it('sorts its input itself in a pipe, where nobody has', async () => {
    const rows = ['b', 'a/b', 'a', 'ä', 'a b', 'B'];
    const input = rows.map((key) => `${result(key)}\n`).join('');
    const ran = await runProgram(completeUploads, { argv: SIDES, input, bindings: { connect: new FakeConnection().connect } });
    expect(ran.code).toBe(0);
    const keys = ran.stdout
      .trimEnd()
      .split('\n')
      .map((line) => ledgerRow.decode(line).key);
    expect(keys).toEqual(['B', 'a', 'a b', 'a/b', 'b', 'ä']);
  });

  it('leaves the order to the shuffle in a Hadoop task', async () => {
    const input = ['b', 'a'].map((key) => `${result(key)}\n`).join('');
    const ran = await runProgram(completeUploads, { argv: SIDES, env: TASK, input, bindings: { connect: new FakeConnection().connect } });
    expect(
      ran.stdout
        .trimEnd()
        .split('\n')
        .map((line) => ledgerRow.decode(line).key),
    ).toEqual(['b', 'a']);
  });

  it('fails where there is no sort', async () => {
    const ran = await runProgram(completeUploads, {
      argv: SIDES,
      env: { PATH: directory },
      input: `${result('a')}\n`,
      bindings: { connect: new FakeConnection().connect },
    });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('complete-uploads: SORT_FAILED: sort cannot be started (ENOENT); it must be on the PATH');
  });

  it.each([
    ['before it has read anything', '#!/bin/sh\necho no room >&2\nexit 2\n', 'sort ended with code 2: no room'],
    ['after it wrote some rows', `#!/bin/sh\nread -r line\necho "$line"\nkill -9 $$\n`, 'sort was ended by SIGKILL'],
  ])('loses no rows silently where sort fails %s', async (_when, script, message) => {
    await writeFile(join(directory, 'sort'), script, { mode: 0o755 });
    const input = `${result('a')}\n`.repeat(3000);
    const ran = await runProgram(completeUploads, { argv: SIDES, env: { PATH: directory }, input, bindings: { connect: new FakeConnection().connect } });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(`complete-uploads: SORT_FAILED: ${message}`);
  });
});

describe('reconcile', () => {
  const listed = `k\t${ETAG}\t3\t2015-12-24 05:26:19\tSTANDARD\t\\N\t\\N\t\\N\t\\N\t\\N`;

  it('writes the side of a line by the directory of its file', async () => {
    const env = { ...TASK, mapreduce_map_input_file: 'file:/run/rounds/1/ledger/try-1/part-00000' };
    const argv = ['--role', 'mapper', '--to-copy', '/run/source/try-1', '--ledger', '/run/rounds/1/ledger/try-1'];
    expect(await runProgram(reconcile, { argv, env, input: 'k\trest\n' })).toMatchObject({ code: 0, stdout: 'k\tledger\trest\n' });
  });

  it('refuses a file of no side', async () => {
    const env = { ...TASK, mapreduce_map_input_file: 'file:/elsewhere/part-00000' };
    const ran = await runProgram(reconcile, { argv: ['--role', 'mapper', '--to-copy', '/a', '--ledger', '/b'], env, input: 'k\trest\n' });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('reconcile: SIDE_UNKNOWN: ');
  });

  it('joins the two sides in a pipe', async () => {
    const one = await runProgram(reconcile, { argv: ['--role', 'mapper', '--side', 'to-copy'], input: `${listed}\n` });
    const two = await runProgram(reconcile, { argv: ['--role', 'mapper', '--side', 'ledger'], input: '' });
    const ran = await runProgram(reconcile, { argv: ['--emit', 'counts'], input: two.stdout + one.stdout });
    expect(ran).toMatchObject({ code: 0, stdout: 'failed\tnot-recorded\t1\t3\n' });
    const unsettled = await runProgram(reconcile, { argv: ['--emit', 'unsettled'], env: { PATH: process.env.PATH }, input: one.stdout });
    expect(unsettled.stdout).toBe(`${listed}\n`);
  });
});

describe('every program', () => {
  const programs = { listObjects, planParts, copyObjects, completeUploads, reconcile };

  it.each(Object.entries(programs))('%s prints its options on --help', async (_name, main) => {
    const ran = await runProgram(main, { argv: ['--help'] });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^[a-z-]+: .+\n\n {2}--/);
    expect(ran.stdout).toContain('--statistics TEXT');
  });

  it.each([
    [['--bogus'], 'unknown option "--bogus"'],
    [['--source-bucket', 'a'], '--destination-bucket is missing'],
    [[...SIDES, '--concurrency', 'x'], '--concurrency is "x"'],
    [[...SIDES, '--mode', 'fast'], '--mode is "fast"'],
  ])('ends with 2 before any work at %s', async (argv, message) => {
    const fake = new FakeConnection();
    const ran = await runProgram(copyObjects, { argv, bindings: { connect: fake.connect } });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^copy-objects: STEP_ARGUMENT_INVALID: [^\n]+\n$/);
    expect(ran.stderr).toContain(message);
    expect(fake.sides).toEqual([]);
  });

  it('counts requests and errors that its clients tell of', async () => {
    const fake = new FakeConnection();
    const argv = [...SIDES, '--statistics', directory];
    const connect: typeof fake.connect = (settings) => {
      const event = { bucket: 'from', attempt: 1, milliseconds: 1 };
      settings.observe({ ...event, operation: 'CopyObject', status: 503, code: 'SlowDown' });
      settings.observe({ ...event, operation: 'CopyObject', status: 200, code: null });
      return fake.connect(settings);
    };
    await runProgram(copyObjects, { argv, env: TASK, bindings: { connect } });
    const written: unknown = JSON.parse(await readFile(join(directory, 'attempt_1795216206768_0001_m_000002_1.json'), 'utf8'));
    expect(written).toMatchObject({ requests: { CopyObject: 2 }, errors: { SlowDown: 1 } });
  });
});
