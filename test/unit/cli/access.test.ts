import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../../cli/main.ts';
import type { AccessDocuments } from '../../../workflows/access/access-documents.ts';
import { capturedHost } from '../../helpers/captured-host.ts';

const folder = await mkdtemp(join(tmpdir(), 'carillon-access-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const file = join(folder, 'request.json');
await writeFile(
  file,
  JSON.stringify({
    source: { bucket: 'theirs', role: { arn: 'arn:aws:iam::222222222222:role/reader', externalId: 'x1' } },
    destination: { bucket: 'ours' },
  }),
);

async function ran(...words: readonly string[]) {
  const host = capturedHost({ env: {}, root: process.cwd() });
  const code = await main(['access', ...words], host);
  return { code, out: host.stdout.text(), err: host.stderr.text() };
}

describe('carillon access', () => {
  it('says what each statement is for, prints the policies, and how to check them', async () => {
    const { code, out } = await ran(file, '--data-role', 'arn:aws:iam::111111111111:role/carillon-data', '--destination-owner', '111111111111');
    expect(code).toBe(0);
    expect(out).toMatch(/What each statement is for\n {2}CarillonAssumeSourceRole +Reaches the source as this role/);
    expect(out).toContain('Source: trust policy of arn:aws:iam::222222222222:role/reader');
    expect(out).toContain('"sts:ExternalId"');
    expect(out).toContain(`carillon run ${file}`);
    expect(out).not.toContain('Destination: statements for the bucket');
  });

  it('prints what the owner of a side has to make, as a template', async () => {
    const { code, out } = await ran(file, '--template', 'source', '--data-role', 'arn:aws:iam::111111111111:role/carillon-data');
    expect(code).toBe(0);
    expect(JSON.parse(out).Resources.Role.Properties).toMatchObject({ RoleName: 'reader' });
  });

  it.each([
    ['nowhere', 'write source or destination'],
    ['destination', 'nothing to make'],
  ])('refuses a template for %s: %s', async (side, why) => {
    const { code, err } = await ran(
      file,
      '--template',
      side,
      '--data-role',
      'arn:aws:iam::111111111111:role/carillon-data',
      '--destination-owner',
      '111111111111',
    );
    expect(code).toBe(2);
    expect(err).toContain(why);
  });

  it('prints them as one document for programs', async () => {
    const { out } = await ran(file, '--json', '--source-key', 'arn:aws:kms:eu-central-1:222222222222:key/k');
    const documents = JSON.parse(out) as AccessDocuments;
    expect(documents.source.role?.policy.Statement.map(({ Sid }) => Sid)).toContain('CarillonSourceDecrypt');
    expect(documents.destination.bucketPolicy).not.toBeNull();
  });

  it('refuses what is no role, account or key, with every problem', async () => {
    const { code, err } = await ran(file, '--data-role', 'me', '--source-owner', '12', '--destination-key', 'alias/x');
    expect(code).toBe(2);
    expect(err).toMatch(/--data-role is "me", no role/);
    expect(err).toMatch(/--source-owner is "12", no account/);
    expect(err).toMatch(/--destination-key is "alias\/x", no key/);
  });

  it('refuses a request that is none, as a run does', async () => {
    const bad = join(folder, 'bad.json');
    await writeFile(bad, '{"source":{"bucket":"a"}}');
    const { code, err } = await ran(bad);
    expect([code, err.includes('destination is missing')]).toEqual([2, true]);
  });
});
