import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, link, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Credentials } from '../../../emr-steps/credentials/credential-provider.ts';
import { CredentialsError } from '../../../emr-steps/credentials/credentials-error.ts';
import { sharedCredentials } from '../../../emr-steps/credentials/shared-credentials.ts';
import { faultOf, sharedDirectory } from '../../../emr-steps/credentials/shared-directory.ts';
import { tryTurn } from '../../../emr-steps/credentials/turn-lock.ts';
import { fakeService, fakeSts, secretOf, sessionDocument } from './fake-services.ts';

const HOUR = 3_600_000;
const NAME = 'role-0123';

let parent: string;
let directory: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'carillon-shared-'));
  directory = join(parent, 'shared');
});
afterEach(async () => {
  await rm(parent, { recursive: true });
});

/** Processes of one node, as far as they share: the clock and the count of what was asked. */
function setUp() {
  const state = { now: Date.now(), asked: 0, lifetime: HOUR as number | null, failure: null as Error | null, hold: null as Promise<void> | null };
  const provider = async (): Promise<Credentials> => {
    state.asked += 1;
    const number = state.asked;
    await state.hold;
    if (state.failure !== null) throw state.failure;
    return { ...secretOf(number), ...(state.lifetime !== null && { expiration: new Date(state.now + state.lifetime) }) };
  };
  const process = () => sharedCredentials({ name: NAME, directory, provider, now: () => state.now });
  return { state, process };
}

const file = (): string => join(directory, `${NAME}.json`);
const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('sharedCredentials', () => {
  it('asks once for all processes, and leaves a file that only its owner reads in a directory that only its owner enters', async () => {
    const { state, process } = setUp();
    expect(await process()()).toMatchObject(secretOf(1));
    const second = await process()();
    expect(second).toMatchObject(secretOf(1));
    expect(second.expiration).toEqual(new Date(state.now + HOUR));
    expect(state.asked).toBe(1);
    expect(await modeOf(file())).toBe('600');
    expect(await modeOf(directory)).toBe('700');
    expect(await readdir(directory)).toEqual([`${NAME}.json`]);
  });

  it('asks again from ten minutes before the end', async () => {
    const { state, process } = setUp();
    const start = state.now;
    await process()();
    state.now = start + HOUR - 600_001;
    expect(await process()()).toMatchObject(secretOf(1));
    state.now = start + HOUR - 600_000;
    expect(await process()()).toMatchObject(secretOf(2));
    expect(await process()()).toMatchObject(secretOf(2));
  });

  it('replaces what has run out', async () => {
    const { state, process } = setUp();
    await process()();
    state.now += 2 * HOUR;
    expect(await process()()).toMatchObject(secretOf(2));
    expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({ accessKeyId: secretOf(2).accessKeyId });
  });

  it('gives the old ones while another process asks for new ones', async () => {
    const { state, process } = setUp();
    await process()();
    state.now += HOUR - 300_000;
    let release = (): void => {};
    state.hold = new Promise((resolve) => {
      release = resolve;
    });
    const renewing = process()();
    while (state.asked < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(await process()()).toMatchObject(secretOf(1));
    release();
    expect(await renewing).toMatchObject(secretOf(2));
  });

  it('gives the old ones while they are good and no new ones come, and fails afterwards', async () => {
    const { state, process } = setUp();
    await process()();
    state.failure = new CredentialsError('STS is away');
    state.now += HOUR - 61_000;
    expect(await process()()).toMatchObject(secretOf(1));
    state.now += 2_000;
    await expect(process()()).rejects.toThrow('STS is away');
    expect(await readdir(directory)).toEqual([`${NAME}.json`]);
  });

  it('asks anew when the service called the last ones expired, unless another process has done so', async () => {
    const { state, process } = setUp();
    const [first, second] = [process(), process()];
    await first();
    await second();
    expect(await first({ forceRefresh: true })).toMatchObject(secretOf(2));
    expect(await second({ forceRefresh: true })).toMatchObject(secretOf(2));
    expect(state.asked).toBe(2);
  });

  it('writes no file for keys without an end', async () => {
    const { state, process } = setUp();
    state.lifetime = null;
    expect(await process()()).toEqual(secretOf(1));
    expect(await process()()).toEqual(secretOf(2));
    expect(await readdir(directory)).toEqual([]);
  });

  it('removes what runs of yesterday left', async () => {
    const { process } = setUp();
    await mkdir(directory, { mode: 0o700 });
    const old = join(directory, 'role-old.json');
    await writeFile(old, '{}');
    await utimes(old, 0, 0);
    await process()();
    expect(await readdir(directory)).toEqual([`${NAME}.json`]);
  });

  it('shares nothing where there is no room for a directory', async () => {
    directory = join(parent, 'missing', 'shared');
    const { state, process } = setUp();
    expect(await process()()).toMatchObject(secretOf(1));
    expect(await process()()).toMatchObject(secretOf(2));
    expect(state.asked).toBe(2);
  });
});

describe('what may not be trusted', () => {
  it.each(['644', '640', '602'])('a file of mode %s is not read, and replaced', async (mode) => {
    const { process } = setUp();
    await process()();
    await chmod(file(), Number.parseInt(mode, 8));
    expect(await process()()).toMatchObject(secretOf(2));
    expect(await modeOf(file())).toBe('600');
  });

  it('a link in place of the file is not followed, and replaced', async () => {
    const { process } = setUp();
    await process()();
    const elsewhere = join(parent, 'planted.json');
    await rename(file(), elsewhere);
    await symlink(elsewhere, file());
    const before = await readFile(elsewhere, 'utf8');
    expect(await process()()).toMatchObject(secretOf(2));
    expect(await readFile(elsewhere, 'utf8')).toBe(before);
    expect((await stat(file())).size).toBeGreaterThan(0);
    expect(await process()()).toMatchObject(secretOf(2));
  });

  it('a file with a second name is not read', async () => {
    const { process } = setUp();
    await process()();
    await link(file(), join(parent, 'second'));
    expect(await process()()).toMatchObject(secretOf(2));
  });

  it.each([
    ['half of it', (text: string) => text.slice(0, text.length / 2)],
    ['another version', (text: string) => text.replace('"version":1', '"version":2')],
    ['another identity', (text: string) => text.replace(NAME, 'role-other')],
    ['no end', (text: string) => text.replace(/"expiration":"[^"]*"/, '"expiration":"never"')],
    ['too much', (text: string) => text + ' '.repeat(70_000)],
    ['nothing', () => ''],
  ])('a file that holds %s is not read', async (_name, change) => {
    const { process } = setUp();
    await process()();
    await writeFile(file(), change(await readFile(file(), 'utf8')));
    expect(await process()()).toMatchObject(secretOf(2));
  });

  it.each(['755', '770', '707'])('a directory of mode %s is refused, and the message says what to do', async (mode) => {
    const { state, process } = setUp();
    await mkdir(directory);
    await chmod(directory, Number.parseInt(mode, 8));
    await expect(process()()).rejects.toThrow(CredentialsError);
    await expect(process()()).rejects.toThrow(`is open to other users (mode ${mode})`);
    expect(state.asked).toBe(0);
  });

  it('a link or a file in place of the directory is refused', async () => {
    const { process } = setUp();
    await mkdir(join(parent, 'real'), { mode: 0o700 });
    await symlink(join(parent, 'real'), directory);
    await expect(process()()).rejects.toThrow('is no directory');
    await rm(directory);
    await writeFile(directory, '');
    await expect(process()()).rejects.toThrow('is no directory');
  });

  it('what belongs to another user is refused', () => {
    const uid = process.geteuid?.() ?? 0;
    expect(faultOf({ uid, mode: 0o100600 })).toBeNull();
    expect(faultOf({ uid: uid + 1, mode: 0o100600 })).toBe(`belongs to user ${uid + 1}, not to ${uid}`);
  });

  it('the directory is not the one of the container, but of the machine, by user', () => {
    expect(sharedDirectory({ TMPDIR: '/container/tmp' })).toBe(`/tmp/carillon-${process.geteuid?.()}`);
    expect(sharedDirectory({ CARILLON_CREDENTIALS_DIRECTORY: '/x' })).toBe('/x');
  });
});

describe('tryTurn', () => {
  beforeEach(async () => {
    await mkdir(directory, { mode: 0o700 });
  });

  it('gives one turn at a time and the next after its release', async () => {
    const turns = await Promise.all(Array.from({ length: 20 }, () => tryTurn(directory, NAME)));
    const held = turns.filter((turn) => turn !== null);
    expect(held).toHaveLength(1);
    await held[0]?.release();
    expect(await readdir(directory)).toEqual([]);
    expect(await tryTurn(directory, NAME)).not.toBeNull();
  });

  it('holds names apart', async () => {
    expect(await tryTurn(directory, 'a')).not.toBeNull();
    expect(await tryTurn(directory, 'b')).not.toBeNull();
  });

  it('passes over a holder that was killed, to one of those who wait', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await writeFile(join(directory, `${NAME}.lock-4`), String(child.pid));
    expect(await tryTurn(directory, NAME)).toBeNull();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const turns = await Promise.all(Array.from({ length: 20 }, () => tryTurn(directory, NAME)));
    const held = turns.filter((turn) => turn !== null);
    expect(held).toHaveLength(1);
    expect(await readdir(directory)).toContain(`${NAME}.lock-5`);
    await held[0]?.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('passes over a holder that lives but has had it for minutes', async () => {
    const path = join(directory, `${NAME}.lock-1`);
    await writeFile(path, String(process.pid));
    expect(await tryTurn(directory, NAME)).toBeNull();
    const earlier = Date.now() / 1000 - 121;
    await utimes(path, earlier, earlier);
    expect(await tryTurn(directory, NAME)).not.toBeNull();
  });

  it('does not pass over a lock that is just being made', async () => {
    await writeFile(join(directory, `${NAME}.lock-1`), '');
    expect(await tryTurn(directory, NAME)).toBeNull();
  });
});

describe('processes of one node', () => {
  const program = join(import.meta.dirname, 'assume-in-process.ts');
  const run = (env: Record<string, string>, sessionName = 'run-1') =>
    promisify(execFile)(process.execPath, [program, JSON.stringify({ arn: 'arn:aws:iam::111122223333:role/reader', sessionName })], { env });

  it('assume a role once between them, another run for itself', async () => {
    const sts = await fakeSts(HOUR, 100);
    const env = { AWS_ENDPOINT_URL_STS: sts.url, CARILLON_CREDENTIALS_DIRECTORY: directory };
    const ends = await Promise.all([run(env), run(env), run(env), run(env)]);
    expect(new Set(ends.map(({ stdout }) => stdout))).toEqual(new Set([secretOf(1).accessKeyId]));
    expect(sts.asked).toHaveLength(1);
    await run(env, 'run-2');
    expect(sts.asked.map(({ form }) => form.get('RoleSessionName'))).toEqual(['run-1', 'run-2']);
    await sts.close();
  });

  it('go on when the one that asks is killed', async () => {
    const sts = await fakeService((_asked, number) =>
      number === 1 ? new Promise(() => {}) : { status: 200, body: sessionDocument(number, new Date(Date.now() + HOUR)) },
    );
    const env = { AWS_ENDPOINT_URL_STS: sts.url, CARILLON_CREDENTIALS_DIRECTORY: directory };
    const killed = run(env);
    const ending = killed.catch((error: { signal: string }) => error.signal);
    while (sts.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const waiting = [run(env), run(env)];
    killed.child.kill('SIGKILL');
    expect(await ending).toBe('SIGKILL');
    expect((await Promise.all(waiting)).map(({ stdout }) => stdout)).toEqual([secretOf(2).accessKeyId, secretOf(2).accessKeyId]);
    expect(sts.asked).toHaveLength(2);
    expect((await readdir(directory)).filter((name) => name.includes('.lock-'))).toEqual([]);
    await sts.close();
  });
});
