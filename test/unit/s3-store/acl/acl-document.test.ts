import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Accounts, canonicalId } from '../../../../infra/local/s3-store/accounts.ts';
import { cannedAcl } from '../../../../infra/local/s3-store/acl/acl.ts';
import { aclDocument, documentAcl } from '../../../../infra/local/s3-store/acl/acl-document.ts';
import type { Acl } from '../../../../infra/local/s3-store/bucket.ts';

const OWNER = '111111111111';
const GROUP = 'http://acs.amazonaws.com/groups/global/AllUsers';

const acl: fc.Arbitrary<Acl> = fc.record({
  ownerId: fc.constant(OWNER),
  grants: fc.array(
    fc.record({
      grantee: fc.oneof(
        fc.constant({ kind: 'uri' as const, uri: GROUP }),
        fc.nat().map((number) => ({ kind: 'id' as const, id: canonicalId(String(number)) })),
      ),
      permission: fc.constantFrom('FULL_CONTROL', 'READ', 'READ_ACP', 'WRITE', 'WRITE_ACP'),
    }),
    { maxLength: 100 },
  ),
});

describe('an ACL', () => {
  test('written and read is the same', () => {
    const accounts = new Accounts([{ id: OWNER, name: 'a & b', keys: [] }]);
    fc.assert(
      fc.property(acl, (given) => {
        expect(documentAcl(aclDocument(given, accounts), OWNER)).toEqual(given);
      }),
    );
  });

  test.each([
    ['private', ['FULL_CONTROL']],
    ['public-read', ['FULL_CONTROL', 'READ']],
    ['public-read-write', ['FULL_CONTROL', 'READ', 'WRITE']],
    ['authenticated-read', ['FULL_CONTROL', 'READ']],
    ['bucket-owner-read', ['FULL_CONTROL', 'READ']],
    ['bucket-owner-full-control', ['FULL_CONTROL', 'FULL_CONTROL']],
  ])('%s grants %j', (name, permissions) => {
    expect(cannedAcl(name, OWNER, '222222222222').grants.map(({ permission }) => permission)).toEqual(permissions);
    const ownersAlone = name.startsWith('bucket-owner') ? ['FULL_CONTROL'] : permissions;
    expect(cannedAcl(name, OWNER, OWNER).grants.map(({ permission }) => permission)).toEqual(ownersAlone);
  });
});
