import { describe, expect, it } from 'vitest';
import { S3Error } from '../../../../emr-steps/s3/s3-error.ts';
import { attempt } from '../../../../lambdas/rights/attempt.ts';
import { type Denial, isDenial, isKeyProblem, namedAction, namedPrincipal, refusesCredentials } from '../../../../lambdas/rights/denial.ts';
import { explainDenials } from '../../../../lambdas/rights/explain-denial.ts';
import { parseRequest } from '../../../../workflows/request/parse-request.ts';
import type { RunRequestInput } from '../../../../workflows/request/run-request.ts';

const DATA_ROLE = 'arn:aws:iam::111122223333:role/carillon-data';
const SESSION = 'arn:aws:sts::111122223333:assumed-role/carillon-data/run-1';
const KEY = 'arn:aws:kms:eu-central-1:444455556666:key/one';

function failure(code: string, status: number, reason = 'Access Denied', key: string | null = null): S3Error {
  return new S3Error({ operation: 'GetObject', bucket: 'a', key, code, status, reason });
}

function denial(change: Partial<Denial> = {}): Denial {
  return { actor: 'source', owner: 'source', action: 's3:GetObject', sid: null, error: failure('AccessDenied', 403, 'Access Denied', 'k'), ...change };
}

function explained(denials: readonly Denial[], members: Partial<RunRequestInput> = {}, principal: string | null = SESSION) {
  const request = parseRequest({ source: { bucket: 'a' }, destination: { bucket: 'b' }, ...members });
  return explainDenials(denials, () => ({ request, facts: { dataRole: DATA_ROLE, keys: { source: [KEY] } }, principal }));
}

describe('a refusal', () => {
  it('is told from bad credentials, archived objects, unusable keys and everything that passes', () => {
    expect(isDenial(failure('AccessDenied', 403))).toBe(true);
    expect([failure('InvalidObjectState', 403), failure('InvalidAccessKeyId', 403), failure('NoSuchKey', 404)].some(isDenial)).toBe(false);
    expect(refusesCredentials(failure('SignatureDoesNotMatch', 403))).toBe(true);
    expect(isKeyProblem(failure('KMS.DisabledException', 400))).toBe(true);
  });

  it('names action and principal where the service does', () => {
    const error = failure('AccessDenied', 403, `User: ${SESSION} is not authorized to perform: kms:Decrypt on resource: ${KEY}`);
    expect([namedAction(error), namedPrincipal(error)]).toEqual(['kms:Decrypt', SESSION]);
    expect([namedAction(failure('AccessDenied', 403)), namedPrincipal(failure('AccessDenied', 403))]).toEqual([null, null]);
  });

  it('is the only thing that an attempt reports; what says nothing of rights is thrown', async () => {
    const failing = (error: Error) => attempt(() => Promise.reject(error));
    expect(await attempt(async () => 1)).toBeNull();
    expect(await failing(failure('NoSuchKey', 404))).toBeNull();
    expect(await failing(failure('AccessDenied', 403))).toMatchObject({ status: 403 });
    await expect(failing(failure('SlowDown', 503))).rejects.toMatchObject({ code: 'SlowDown' });
    await expect(failing(failure('ExpiredToken', 400))).rejects.toMatchObject({ code: 'ExpiredToken' });
    await expect(failing(failure('KMS.DisabledException', 400))).rejects.toMatchObject({ code: 'KMS.DisabledException' });
    await expect(failing(new TypeError('a defect'))).rejects.toThrow('a defect');
  });
});

describe('an explanation', () => {
  it('names action, principal, statement, and both places between accounts', () => {
    const [sentence] = explained([denial()]);
    expect(sentence).toMatch(
      /^source s3:\/\/a\/k: s3:GetObject is denied to arn:aws:sts::111122223333:assumed-role\/carillon-data\/run-1; the statement CarillonSourceRead would allow it/,
    );
    expect(sentence).toContain(`in the policies of ${DATA_ROLE} and, where that is another account's, in the policy of the bucket a`);
    expect(sentence).toContain(
      '{"Sid":"CarillonSourceRead","Effect":"Allow","Action":["s3:GetObject","s3:GetObjectAttributes"],"Resource":["arn:aws:s3:::a/*"]}',
    );
  });

  it('names one place where the account is the same, or the service says which policy is silent', () => {
    const inOne = explained([denial()], { source: { bucket: 'a', expectedOwner: '111122223333' } })[0];
    expect(inOne).toContain(`in the policies of ${DATA_ROLE}: {`);
    const said = (reason: string) => explained([denial({ error: failure('AccessDenied', 403, reason, 'k') })])[0];
    expect(said('… because no identity-based policy allows the s3:GetObject action')).toContain(`in the policies of ${DATA_ROLE}: {`);
    expect(said('… because no resource-based policy allows the s3:GetObject action')).toContain('would allow it, in the policy of the bucket a');
  });

  it('says that no statement helps against an explicit Deny', () => {
    const error = failure('AccessDenied', 403, 'User: u is not authorized … with an explicit deny in a resource-based policy');
    expect(explained([denial({ error })])[0]).toMatch(/by an explicit Deny .*which no Allow outweighs/);
  });

  it('sends keys to the policy of the key, where the key is another account’s', () => {
    const [sentence] = explained([denial({ action: 'kms:Decrypt' })]);
    expect(sentence).toContain('the statement CarillonSourceDecrypt would allow it');
    expect(sentence).toContain(`in the policy of the key ${KEY}`);
  });

  it('tells a statement once, whatever of it is missing, and the first denial first', () => {
    const sentences = explained([denial(), denial({ action: 's3:GetObjectAttributes' }), denial({ action: 's3:GetObjectTagging' })]);
    expect(sentences.map((sentence) => /statement (\w+)/.exec(sentence)?.[1])).toEqual(['CarillonSourceRead', 'CarillonSourceTags']);
  });

  it('names the statement for missing keys apart from the one for listing', () => {
    const request = { source: { bucket: 'a', prefix: 'p/' } };
    const listing = denial({ action: 's3:ListBucket', error: failure('AccessDenied', 403) });
    const sids = ['CarillonSourceList', 'CarillonSourceTellMissing'];
    for (const sid of sids) expect(explained([{ ...listing, sid }], request)[0]).toContain(`the statement ${sid} would allow it`);
  });

  it('does without a principal, and without a statement', () => {
    expect(explained([denial()], {}, null)[0]).toContain(`denied to ${DATA_ROLE}`);
    expect(explained([denial()], { source: { bucket: 'a', profile: 'p' } }, null)[0]).toContain('denied to the credentials of profile p');
    expect(explained([denial({ action: 's3:PutObject' })])[0]).toBe(`source s3://a/k: s3:PutObject is denied to ${SESSION}: Access Denied`);
  });
});
