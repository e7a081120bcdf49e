import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../../../cli/main.ts';
import { capturedHost } from '../../helpers/captured-host.ts';

let folder = '';
let child: ChildProcess;
let told: { readonly endpoint: string; readonly accounts: readonly Readonly<Record<string, string>>[] };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-store-'));
  const words = ['store', '--json', '--region', 'eu-west-1', '--account', '111111111111:ann:secret', '--account', '222222222222:bob:secret'];
  child = spawn('cli/bin/carillon', [...words, '--bucket', 'empty', '--bucket', 'of-bob:222222222222', '--virtual', 'flat:1234,name=many'], {
    env: { PATH: process.env.PATH, HOME: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  told = JSON.parse(String(line));
});
afterAll(async () => {
  if (child.exitCode === null) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function list(bucket: string, account: string) {
  const env = { HOME: folder, AWS_ENDPOINT_URL_S3: told.endpoint, AWS_ACCESS_KEY_ID: account, AWS_SECRET_ACCESS_KEY: 'secret' };
  const host = capturedHost({ env });
  const file = join(folder, `${bucket}.tsv`);
  const code = await main(['list', `s3://${bucket}`, '--output', file], host);
  return { code, stderr: host.stderr.text(), lines: code === 0 ? (await readFile(file, 'utf8')).split('\n').length - 1 : null };
}

describe('carillon store', () => {
  it('tells its endpoint on the loopback interface, and its accounts', () => {
    expect(told.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(told.accounts).toEqual([
      { id: '111111111111', accessKeyId: 'ann', secretAccessKey: 'secret' },
      { id: '222222222222', accessKeyId: 'bob', secretAccessKey: 'secret' },
    ]);
  });

  it('serves empty and computed buckets to their owners alone', async () => {
    expect(await list('empty', 'ann')).toMatchObject({ code: 0, lines: 0 });
    expect(await list('many', 'ann')).toMatchObject({ code: 0, lines: 1234 });
    expect(await list('of-bob', 'bob')).toMatchObject({ code: 0, lines: 0 });
    expect(await list('of-bob', 'ann')).toMatchObject({ code: 2, stderr: expect.stringContaining('access is denied') });
  });

  it.each([
    [['--account', 'ann'], '--account is "ann"; write ID:KEY:SECRET'],
    [['--bucket', 'UPPER'], '--bucket is "UPPER"; write NAME or NAME:ACCOUNT'],
    [['--virtual', 'round:5'], '--virtual: "round" in "round:5" is no shape'],
  ])('refuses %j', async (words, message) => {
    const host = capturedHost();
    expect(await main(['store', ...words], host)).toBe(2);
    expect(host.stderr.text()).toContain(message);
  });

  it('refuses a port that is taken', async () => {
    const host = capturedHost();
    expect(await main(['store', '--port', new URL(told.endpoint).port], host)).toBe(2);
    expect(host.stderr.text()).toMatch(/port \d+ is taken/);
  });

  it('keeps what is in a directory from one start to the next', async () => {
    const kept = ['store', '--directory', join(folder, 'kept'), '--account', '111111111111:ann:secret', '--json'];
    for (const words of [[...kept, '--bucket', 'lasting'], kept]) {
      const stop = new AbortController();
      const host = capturedHost({ signal: stop.signal });
      const serving = main(words, host);
      const { endpoint } = await vi.waitUntil(() => host.stdout.text() !== '' && JSON.parse(host.stdout.text()));
      const env = { HOME: folder, AWS_ENDPOINT_URL_S3: endpoint, AWS_ACCESS_KEY_ID: 'ann', AWS_SECRET_ACCESS_KEY: 'secret' };
      expect(await main(['list', 's3://lasting', '--output', join(folder, 'lasting.tsv'), '--quiet'], capturedHost({ env }))).toBe(0);
      stop.abort();
      expect(await serving).toBe(0);
    }
  });

  it('ends well when it is told to', async () => {
    child.kill('SIGTERM');
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
  });
});
