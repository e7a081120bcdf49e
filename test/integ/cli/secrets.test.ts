import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FilledStore, filledStore, OWNER } from '../../helpers/filled-store.ts';
import { type Finding, type KnownSecret, secretsBelow, secretsInText } from '../../helpers/find-secrets.ts';
import { dumpDescendants } from '../../helpers/process-dumps.ts';
import { fakeService } from '../../unit/credentials/fake-services.ts';

/** The user's own keys, which the role trusts. */
const BASE = { accessKeyId: 'AKIAEXAMPLEEXAMPLE12', secretAccessKey: 'baseEXAMPLE/K7MDENG+bPxRfiCYEXAMPLEKEY12' };
const USER = `arn:aws:iam::${OWNER.id}:user/base`;
const ROLE = `arn:aws:iam::${OWNER.id}:role/mover`;

const TRUST = {
  Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: USER }, Condition: { StringEquals: { 'sts:ExternalId': 'ours' } } },
};

let folder = '';
let filled: FilledStore;
let stsUrl = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-leaves-'));
  filled = await filledStore(folder);
  const { accounts } = filled.store.context;
  accounts.addKey(OWNER.id, { ...BASE, arn: USER });
  accounts.addRole(OWNER.id, { name: 'mover', trustPolicy: TRUST, policies: [{ Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } }] });
  stsUrl = filled.store.url;
  await mkdir(join(folder, 'aws'));
  const lines = ['[base]', `aws_access_key_id = ${BASE.accessKeyId}`, `aws_secret_access_key = ${BASE.secretAccessKey}`, ''];
  await writeFile(join(folder, 'aws', 'credentials'), lines.join('\n'));
  for (const key of ['a', 'b c', 'd/e']) await filled.put('one', `in/${key}`, key);
});
afterAll(async () => {
  await filled.close();
  await rm(folder, { recursive: true, force: true });
});

/** A run as a process of its own, with what its processes could be seen with while it ran. */
async function run(name: string, words: readonly string[]) {
  const runs = join(folder, name);
  await mkdir(runs);
  const env = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: folder,
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'aws', 'credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_S3: filled.store.url,
    AWS_ENDPOINT_URL_STS: stsUrl,
    CARILLON_CREDENTIALS_DIRECTORY: join(folder, 'shared'),
  };
  const child = spawn('cli/bin/carillon', [...words, '--run-dir', runs], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (texts.stdout += chunk));
  child.stderr.on('data', (chunk) => (texts.stderr += chunk));
  const dumps = new Map<number, string>();
  const closed = once(child, 'close');
  let watching = true;
  void closed.then(() => {
    watching = false;
  });
  while (watching) {
    for (const [pid, text] of await dumpDescendants(child.pid ?? 0)) dumps.set(pid, text);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const [code] = await closed;
  return { code: code as number, runs, dumps, ...texts };
}

/** The credentials of every session, which the store gave and the node shares by files. */
async function sessions(): Promise<readonly KnownSecret[]> {
  const names = await readdir(join(folder, 'shared')).catch(() => []);
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(folder, 'shared', name), 'utf8')) as KnownSecret));
}

async function findings({ runs, dumps, stdout, stderr }: Awaited<ReturnType<typeof run>>): Promise<readonly Finding[]> {
  const known = [BASE, ...(await sessions()), { accessKeyId: 'owner-key-id', secretAccessKey: 'owner-secret' }];
  const seen = [...dumps].flatMap(([pid, text]) => secretsInText(`process ${pid}`, text, known));
  return [...seen, ...secretsInText('stdout', stdout, known), ...secretsInText('stderr', stderr, known), ...(await secretsBelow(runs, known))];
}

describe('what a run leaves behind', () => {
  it('holds no key and no token: arguments, environments, logs, events, run directory', async () => {
    const role = ['--profile', 'base', '--role-arn', ROLE, '--external-id', 'ours', '--sts-region', 'eu-central-1'];
    const left = await run('well', ['copy', 's3://one/in/', 's3://two/out/', ...role, '--json', '--diff']);
    expect(left.stderr + left.stdout).toContain('run.finished');
    expect(left.code).toBe(0);
    const [id = ''] = await readdir(left.runs);
    expect(await readFile(join(left.runs, id, 'plan-1.json'), 'utf8')).toContain(ROLE);
    // The mappers were seen too, where the system shows processes at all.
    const seen = [...left.dumps.values()].filter((text) => text.includes('mapreduce_task_attempt_id='));
    if (process.platform === 'linux') expect(seen.length).toBeGreaterThan(0);
    expect(await findings(left)).toEqual([]);
  });

  it('but for the file of the session, which only its owner may read and which all its processes shared', async () => {
    const files = await readdir(join(folder, 'shared'));
    expect(files.every((name) => /^role-[0-9a-f]{32}\.json$/.test(name))).toBe(true);
    for (const name of files) expect(((await stat(join(folder, 'shared', name))).mode & 0o777).toString(8)).toBe('600');
    expect(filled.store.accessLog.counts().byOperation.AssumeRole).toBe(1);
    const [session] = await sessions();
    expect(session).toMatchObject({ accessKeyId: expect.stringMatching(/^ASIA/), sessionToken: expect.stringMatching(/^IQoJ/) });
    expect((await secretsBelow(join(folder, 'shared'), await sessions())).map(({ what }) => what)).toContain('the given secretAccessKey');
  });

  it('holds none either when a role is refused', async () => {
    const refusing = await fakeService((asked) => ({
      status: 403,
      body: `<ErrorResponse><Error><Code>AccessDenied</Code><Message>no: ${asked.headers.authorization} ${BASE.secretAccessKey}</Message></Error></ErrorResponse>`,
    }));
    stsUrl = refusing.url;
    const left = await run('refused', ['copy', 's3://one/in/', 's3://two/out/', '--profile', 'base', '--role-arn', `${ROLE}2`]);
    stsUrl = filled.store.url;
    await refusing.close();
    expect(left.code).toBe(2);
    expect(left.stderr).toContain(`role ${ROLE}2 cannot be assumed`);
    expect(await findings(left)).toEqual([]);
  });

  it('holds none when the external id is wrong', async () => {
    const left = await run('untrusted', ['copy', 's3://one/in/', 's3://two/out/', '--profile', 'base', '--role-arn', ROLE, '--external-id', 'theirs']);
    expect([left.code, left.stderr]).toEqual([2, expect.stringContaining(`role ${ROLE} cannot be assumed`)]);
    expect(left.stderr).toContain('is not authorized to perform: sts:AssumeRole');
    expect(await findings(left)).toEqual([]);
  });
});
