import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretsBelow, secretsInText } from '../../helpers/find-secrets.ts';
import { secretOf } from '../credentials/fake-services.ts';

const SECRET = { accessKeyId: 'owner-key', secretAccessKey: 'owner/secret+of=40', sessionToken: 'plain-token/with+signs' };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'carillon-secrets-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe('secretsInText', () => {
  it.each([
    ['as it is', SECRET.secretAccessKey],
    ['in a query', encodeURIComponent(SECRET.secretAccessKey)],
    ['in JSON with escaped slashes', SECRET.secretAccessKey.replaceAll('/', '\\/')],
    ['as hexadecimal digits', Buffer.from(SECRET.secretAccessKey).toString('hex')],
  ])('finds a given secret %s', (_name, form) => {
    expect(secretsInText('log', `one\ntwo ${form} three`, [SECRET])).toContainEqual({ place: 'log', line: 2, what: 'the given secretAccessKey' });
  });

  it('finds it in base64, whatever stands before and after it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (before, after) => {
        const text = Buffer.concat([before, Buffer.from(SECRET.secretAccessKey), after]).toString('base64');
        expect(secretsInText('log', text, [SECRET]).map(({ what }) => what)).toContain('the given secretAccessKey');
      }),
    );
  });

  it.each([
    ['an access key id', `key ${secretOf(1).accessKeyId}`],
    ['a session token', secretOf(1).sessionToken],
    ['a secret of the shared files or the environment', 'AWS_SECRET_ACCESS_KEY=abcdefgh12345'],
    ['a secret of the shared files or the environment', '"aws_session_token": "abcdefgh12345"'],
    ['a secret of a service’s answer', '<SecretAccessKey>abcdefgh12345</SecretAccessKey>'],
    ['a secret of a service’s answer', '{"Token" : "abcdefgh12345"}'],
    ['the token of a request', "'x-amz-security-token': 'abcdefgh12345'"],
    ['a signed request', 'authorization: AWS4-HMAC-SHA256 Credential=x/20261120'],
  ])('finds %s by its look', (what, text) => {
    expect(secretsInText('log', text, []).map((finding) => finding.what)).toContain(what);
  });

  it('finds nothing in what runs are full of', () => {
    const rows = [
      'a/b.txt\t"9b2cf535f27731c974343645a3985328-12"\t5242880\t2026-11-20 10:00:00\tSTANDARD',
      'arn:aws:iam::111122223333:role/reader arn:aws:sts::111122223333:assumed-role/reader/run-1 external-id=ours',
      'AWS_SHARED_CREDENTIALS_FILE=/somewhere AWS_PROFILE=reader AWS_REGION=eu-central-1',
      `uploadId=${'VXBsb2FkIElEIGZvciA2aWWpbmcncyBteS1tb3ZpZS5tMnRzIHVwbG9hZA'.repeat(2)}`,
    ];
    expect(secretsInText('rows', rows.join('\n'), [SECRET])).toEqual([]);
  });

  it('never shows the secret', () => {
    const findings = secretsInText('log', Object.values(SECRET).join(' '), [SECRET]);
    expect(findings.length).toBeGreaterThanOrEqual(3);
    for (const secret of Object.values(SECRET)) expect(JSON.stringify(findings)).not.toContain(secret);
  });
});

describe('secretsBelow', () => {
  it('reads every file at any depth, packed ones and names too, and follows no link', async () => {
    await mkdir(join(directory, 'a', 'b'), { recursive: true });
    await writeFile(join(directory, 'a', 'b', 'log'), `x\n${SECRET.sessionToken}`);
    await writeFile(join(directory, 'a', 'rows.gz'), gzipSync(SECRET.secretAccessKey));
    await writeFile(join(directory, `name-${SECRET.accessKeyId}`), '');
    await writeFile(join(directory, 'clean'), 'nothing');
    await symlink('/proc/self/environ', join(directory, 'a', 'link'));
    const findings = await secretsBelow(directory, [SECRET]);
    expect(findings.map(({ what }) => what).toSorted()).toEqual(['the given accessKeyId', 'the given secretAccessKey', 'the given sessionToken']);
    expect(findings).toContainEqual({ place: join(directory, 'a', 'b', 'log'), line: 2, what: 'the given sessionToken' });
  });
});
