import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accessDocuments } from '../../../../workflows/access/access-documents.ts';
import { type OwnerTemplate, ownerTemplate } from '../../../../workflows/access/owner-template.ts';
import { parseRequest } from '../../../../workflows/request/parse-request.ts';

const CFN_LINT = resolve(import.meta.dirname, '../../../../build/tools/python/bin/cfn-lint');
const DATA_ROLE = 'arn:aws:iam::111122223333:role/carillon-data-eu-central-1';
const READER = 'arn:aws:iam::444455556666:role/partners/carillon-reader';
const KEY = 'arn:aws:kms:eu-central-1:444455556666:key/0a1b2c3d-0000-0000-0000-000000000000';

const source = { bucket: 'theirs', region: 'eu-central-1', expectedOwner: '444455556666' };
const destination = { bucket: 'ours', region: 'eu-central-1', expectedOwner: '111122223333' };

/** The template for the source's owner. */
function template(side: object = {}): OwnerTemplate | null {
  const request = parseRequest({ source: { ...source, ...side }, destination });
  return ownerTemplate('source', 'theirs', accessDocuments(request, { dataRole: DATA_ROLE, keys: { source: [KEY] } }).source);
}

const byRole = (): OwnerTemplate => template({ role: { arn: READER, externalId: 'x1' } }) as OwnerTemplate;
const byPolicy = (): OwnerTemplate => template() as OwnerTemplate;

describe('the template for the owner of another account', () => {
  it('makes a role that trusts the data role alone, with the external id', () => {
    const { Properties } = byRole().Resources.Role as { readonly Properties: Record<string, object> };
    expect(Properties).toMatchObject({ RoleName: 'carillon-reader', Path: '/partners/', MaxSessionDuration: 3600 });
    expect(Properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Effect: 'Allow', Principal: { AWS: [DATA_ROLE] }, Action: ['sts:AssumeRole'], Condition: { StringEquals: { 'sts:ExternalId': ['x1'] } } }],
    });
    expect(JSON.stringify(Properties.Policies)).not.toMatch(/"(\*|s3:\*)"/);
  });

  it('replaces the policy of a bucket only where its owner says that there is no other', () => {
    const { Resources, Conditions, Parameters, Outputs } = byPolicy();
    expect(Resources.BucketPolicy).toMatchObject({ Condition: 'MakesPolicy', Properties: { Bucket: 'theirs' } });
    expect(Conditions?.MakesPolicy).toEqual({ 'Fn::Equals': [{ Ref: 'BucketHasOtherPolicy' }, 'no'] });
    expect(Parameters?.BucketHasOtherPolicy).toMatchObject({ Default: 'yes' });
    const [first] = JSON.parse((Outputs.BucketPolicy as { readonly Value: string }).Value);
    expect(first).toMatchObject({ Effect: 'Allow', Principal: { AWS: [DATA_ROLE] } });
  });

  it('tells the statements of keys, which no template can add', () => {
    const { Value } = byPolicy().Outputs.KeyPolicy1 as { readonly Value: string };
    expect(JSON.parse(Value)).toEqual([expect.objectContaining({ Sid: 'CarillonSourceDecrypt', Action: ['kms:Decrypt'], Resource: '*' })]);
  });

  it('is none where the buckets are ours', () => {
    const request = parseRequest({ source: { ...source, expectedOwner: '111122223333' }, destination });
    expect(ownerTemplate('source', 'theirs', accessDocuments(request, { dataRole: DATA_ROLE }).source)).toBeNull();
  });

  it.runIf(existsSync(CFN_LINT))(
    'passes cfn-lint (make tools)',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'carillon-owner-'));
      try {
        const files = [byRole(), byPolicy()].map((one, at) => {
          const file = join(folder, `${at}.json`);
          writeFileSync(file, JSON.stringify(one));
          return file;
        });
        expect(execFileSync(CFN_LINT, ['--', ...files], { encoding: 'utf8' })).toBe('');
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    60_000,
  );
});
