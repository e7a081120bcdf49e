import { describe, expect, test } from 'vitest';
import { grantHeaders, wantedAcl } from '../../../emr-steps/fidelity/acl-headers.ts';
import { carriedChecksum, checksumFate, copyChecksumHeaders, putChecksumHeaders, uploadChecksumHeaders } from '../../../emr-steps/fidelity/checksum-rule.ts';
import { changesEtags, type EncryptionRule, encryptionFate, encryptionHeaders } from '../../../emr-steps/fidelity/encryption-rule.ts';
import { etagFate, seenFates, unseenFates } from '../../../emr-steps/fidelity/fates.ts';
import { type Fidelity, looksAtEach, PLAIN_FIDELITY } from '../../../emr-steps/fidelity/fidelity.ts';
import type { Grant } from '../../../emr-steps/s3/get-acl.ts';
import { type Encryption, type EncryptionAlgorithm, objectHead } from '../../../emr-steps/s3/object-headers.ts';

const SSE = 'x-amz-server-side-encryption';
const KEY = `${SSE}-aws-kms-key-id`;
const BUCKET_KEY = `${SSE}-bucket-key-enabled`;
const ARN = 'arn:aws:kms:eu-central-1:111122223333:key/one';

function by(algorithm: EncryptionAlgorithm, kmsKeyId: string | null = null): Encryption {
  return { algorithm, kmsKeyId };
}

const MAP: EncryptionRule = {
  kind: 'kms-map',
  keys: new Map([
    [ARN, 'other'],
    ['two', 'second'],
  ]),
  otherwise: null,
  bucketKey: false,
};

describe('the encryption of a copy', () => {
  test.each<[string, EncryptionRule, Encryption | null, Record<string, string>]>([
    ['is left to the bucket', { kind: 'bucket-default' }, by('aws:kms', ARN), {}],
    ['is by keys of S3', { kind: 'sse-s3' }, null, { [SSE]: 'AES256' }],
    ['is by the account’s own key', { kind: 'kms', algorithm: 'aws:kms', key: null, bucketKey: false }, null, { [SSE]: 'aws:kms' }],
    [
      'is by one key, with a bucket key',
      { kind: 'kms', algorithm: 'aws:kms', key: 'k', bucketKey: true },
      null,
      { [SSE]: 'aws:kms', [KEY]: 'k', [BUCKET_KEY]: 'true' },
    ],
    [
      'is twofold, which no bucket key serves',
      { kind: 'kms', algorithm: 'aws:kms:dsse', key: 'k', bucketKey: true },
      null,
      { [SSE]: 'aws:kms:dsse', [KEY]: 'k' },
    ],
    ['is by the key that the source’s is mapped to', MAP, by('aws:kms', ARN), { [SSE]: 'aws:kms', [KEY]: 'other' }],
    [
      'is by the key that the id at the end of its ARN is mapped to',
      MAP,
      by('aws:kms:dsse', 'arn:aws:kms:x:1:key/two'),
      { [SSE]: 'aws:kms:dsse', [KEY]: 'second' },
    ],
    ['is left to the bucket where the map has no entry', MAP, by('aws:kms', 'arn:aws:kms:x:1:key/three'), {}],
    ['is left to the bucket where nobody names the source’s key', MAP, by('aws:kms'), {}],
    [
      'is by the other key where the map has no entry',
      { ...MAP, otherwise: 'rest', bucketKey: true } as EncryptionRule,
      by('aws:kms'),
      { [SSE]: 'aws:kms', [KEY]: 'rest', [BUCKET_KEY]: 'true' },
    ],
    ['is left to the bucket where the map is asked for what is under no key', { ...MAP, otherwise: 'rest' } as EncryptionRule, by('AES256'), {}],
    ['is left to the bucket where the map is asked for what is under nothing', MAP, null, {}],
    ['is kept: keys of S3', { kind: 'keep', bucketKey: true }, by('AES256'), { [SSE]: 'AES256' }],
    ['is kept: nothing becomes keys of S3', { kind: 'keep', bucketKey: true }, null, { [SSE]: 'AES256' }],
    ['is kept: a key', { kind: 'keep', bucketKey: true }, by('aws:kms', ARN), { [SSE]: 'aws:kms', [KEY]: ARN, [BUCKET_KEY]: 'true' }],
    ['is kept: a key twofold', { kind: 'keep', bucketKey: true }, by('aws:kms:dsse', ARN), { [SSE]: 'aws:kms:dsse', [KEY]: ARN }],
    ['cannot be kept where the key is a customer’s', { kind: 'keep', bucketKey: false }, by('customer'), {}],
  ])('%s', (_what, rule, source, headers) => {
    expect(encryptionHeaders(rule, source)).toEqual(headers);
  });

  const DEFAULT: EncryptionRule = { kind: 'bucket-default' };
  test.each<[EncryptionRule, Encryption | null | undefined, Encryption | null, string]>([
    [DEFAULT, undefined, by('AES256'), 'unseen'],
    [{ kind: 'sse-s3' }, undefined, by('AES256'), 'changed'],
    [DEFAULT, by('AES256'), by('AES256'), 'kept'],
    [DEFAULT, null, by('AES256'), 'kept'],
    [DEFAULT, by('aws:kms', 'a'), by('aws:kms', 'a'), 'kept'],
    [DEFAULT, by('aws:kms', 'a'), by('aws:kms', 'b'), 'changed'],
    [DEFAULT, by('AES256'), by('aws:kms', 'b'), 'changed'],
    [DEFAULT, by('aws:kms', 'a'), by('AES256'), 'lost'],
    [DEFAULT, by('aws:kms:dsse', 'a'), by('aws:kms', 'a'), 'lost'],
    [DEFAULT, by('customer'), null, 'lost'],
    [MAP, by('aws:kms', 'a'), by('AES256'), 'lost'],
    [{ kind: 'keep', bucketKey: false }, by('customer'), by('AES256'), 'lost'],
    [{ kind: 'sse-s3' }, by('aws:kms', 'a'), by('AES256'), 'changed'],
  ])('%j makes of %j the copy’s %j: %s', (rule, source, copy, fate) => {
    expect(encryptionFate(rule, source, copy)).toBe(fate);
  });

  test('is looked for at each object only where it must be', () => {
    const rules: readonly EncryptionRule[] = [
      DEFAULT,
      { kind: 'sse-s3' },
      { kind: 'kms', algorithm: 'aws:kms', key: null, bucketKey: false },
      MAP,
      { kind: 'keep', bucketKey: false },
    ];
    expect(rules.map((encryption) => looksAtEach({ ...PLAIN_FIDELITY, encryption }))).toEqual([false, false, false, true, true]);
    expect(looksAtEach({ ...PLAIN_FIDELITY, redirects: true })).toBe(true);
    expect(rules.map(changesEtags)).toEqual([false, false, true, true, false]);
  });
});

describe('the ACL of a copy', () => {
  const owner = 'a'.repeat(64);
  const group = (name: string, permission: string): Grant => ({ grantee: { kind: 'uri', uri: `http://acs.amazonaws.com/groups/${name}` }, permission });
  const own: Grant = { grantee: { kind: 'id', id: owner }, permission: 'FULL_CONTROL' };
  const friend: Grant = { grantee: { kind: 'id', id: 'f' }, permission: 'READ' };

  test.each<[string, readonly Grant[], ReturnType<typeof wantedAcl>]>([
    ['private', [own], { kind: 'private' }],
    ['private, without the owner', [], { kind: 'private' }],
    ['public', [group('global/AllUsers', 'READ'), own], { kind: 'canned', headers: { 'x-amz-acl': 'public-read' } }],
    [
      'public to write',
      [own, group('global/AllUsers', 'WRITE'), group('global/AllUsers', 'READ')],
      { kind: 'canned', headers: { 'x-amz-acl': 'public-read-write' } },
    ],
    ['for every account', [own, group('global/AuthenticatedUsers', 'READ')], { kind: 'canned', headers: { 'x-amz-acl': 'authenticated-read' } }],
    ['public and for a friend', [own, group('global/AllUsers', 'READ'), friend], { kind: 'grants', grants: [group('global/AllUsers', 'READ'), friend] }],
    ['public, but not to its owner', [group('global/AllUsers', 'READ')], { kind: 'grants', grants: [group('global/AllUsers', 'READ')] }],
  ])('that is %s', (_what, grants, wanted) => {
    expect(wantedAcl({ ownerId: owner, grants })).toEqual(wanted);
  });

  test('names its grants one by one, its own owner first, and leaves out what S3 does not know', () => {
    const grants = [friend, { ...friend, permission: 'WRITE_ACP' }, group('global/AllUsers', 'READ'), { ...friend, permission: 'DANCE' }];
    expect(grantHeaders(grants, 'new')).toEqual({
      'x-amz-grant-full-control': 'id="new"',
      'x-amz-grant-read': 'id="f", uri="http://acs.amazonaws.com/groups/global/AllUsers"',
      'x-amz-grant-write-acp': 'id="f"',
    });
  });
});

describe('the checksum of a copy', () => {
  test.each([
    ['CRC64NVME', 'FULL_OBJECT', 'FULL_OBJECT'],
    ['CRC64NVME', null, 'FULL_OBJECT'],
    ['CRC32', 'FULL_OBJECT', 'FULL_OBJECT'],
    ['CRC32', 'COMPOSITE', 'COMPOSITE'],
    ['CRC32C', null, 'COMPOSITE'],
    ['SHA256', null, 'COMPOSITE'],
    ['SHA512', 'COMPOSITE', 'COMPOSITE'],
    ['SHA1', 'FULL_OBJECT', null],
    ['XXHASH3', 'COMPOSITE', null],
  ] as const)('in parts, of %s %s, is carried as %s', (algorithm, type, carried) => {
    const expected = carried === null ? null : { algorithm, type: carried };
    expect(carriedChecksum({ algorithm, type }, PLAIN_FIDELITY)).toEqual(expected);
    expect(uploadChecksumHeaders(expected)).toEqual(carried === null ? {} : { 'x-amz-checksum-algorithm': algorithm, 'x-amz-checksum-type': carried });
  });

  test('is none where the source has none, and where it shall be ignored', () => {
    const ignoring: Fidelity = { ...PLAIN_FIDELITY, checksums: 'ignore' };
    expect(carriedChecksum(null, PLAIN_FIDELITY)).toBeNull();
    expect(carriedChecksum({ algorithm: 'SHA256', type: null }, ignoring)).toBeNull();
    expect(uploadChecksumHeaders({ algorithm: 'SHA256', type: null })).toEqual({ 'x-amz-checksum-algorithm': 'SHA256' });
    expect(copyChecksumHeaders({ algorithm: 'SHA256', type: null }, ignoring)).toBeNull();
    expect(copyChecksumHeaders(null, PLAIN_FIDELITY)).toBeNull();
    expect(copyChecksumHeaders({ algorithm: 'XXHASH3', type: null }, PLAIN_FIDELITY)).toBeNull();
    expect(copyChecksumHeaders({ algorithm: 'SHA256', type: null }, PLAIN_FIDELITY)).toEqual({ 'x-amz-checksum-algorithm': 'SHA256' });
  });

  test.each<[Record<string, string>, Fidelity['checksums'], Record<string, string>]>([
    [{ 'x-amz-checksum-crc32': 'ab==', 'x-amz-checksum-type': 'FULL_OBJECT' }, 'keep', { 'x-amz-checksum-crc32': 'ab==' }],
    [{ 'x-amz-checksum-sha256': 'ab==' }, 'keep', { 'x-amz-checksum-sha256': 'ab==' }],
    [{ 'x-amz-checksum-sha256': 'ab==' }, 'ignore', {}],
    [{ 'x-amz-checksum-sha256': 'ab==-2', 'x-amz-checksum-type': 'COMPOSITE' }, 'keep', {}],
    [{ 'x-amz-checksum-sha256': 'ab==', 'x-amz-checksum-type': 'COMPOSITE' }, 'keep', {}],
    [{ 'x-amz-checksum-sha256': 'ab==-1' }, 'keep', {}],
    [{ 'x-amz-checksum-xxhash3': 'ab==' }, 'keep', {}],
    [{}, 'keep', {}],
  ])('of a streamed object with %j, %s, is sent as %j', (headers, checksums, sent) => {
    expect(putChecksumHeaders(objectHead(headers), { ...PLAIN_FIDELITY, checksums })).toEqual(sent);
  });

  test('is kept where every algorithm of the source is there', () => {
    expect(checksumFate([], { crc32: 'a' })).toBe('none');
    expect(checksumFate(['CRC32'], { crc32: 'a' })).toBe('kept');
    expect(checksumFate(['crc32', 'sha1'], { crc32: 'a' })).toBe('lost');
  });
});

describe('what becomes of the rest', () => {
  const head = objectHead({
    'x-amz-tagging-count': '1',
    'x-amz-storage-class': 'GLACIER_IR',
    'x-amz-website-redirect-location': '/',
    'x-amz-object-lock-mode': 'COMPLIANCE',
  });

  test('follows from the head, where somebody looked', () => {
    expect(seenFates(head, PLAIN_FIDELITY, null)).toEqual({
      metadata: 'kept',
      tags: 'kept',
      'storage-class': 'kept',
      'website-redirect': 'kept',
      'object-lock': 'lost',
    });
    expect(seenFates(head, { ...PLAIN_FIDELITY, tags: 'drop' }, 'STANDARD')).toMatchObject({ tags: 'changed', 'storage-class': 'changed' });
    expect(seenFates(head, PLAIN_FIDELITY, 'GLACIER_IR')).toMatchObject({ 'storage-class': 'kept' });
    expect(seenFates(objectHead({}), { ...PLAIN_FIDELITY, tags: 'drop' }, null)).toEqual({
      metadata: 'kept',
      tags: 'none',
      'storage-class': 'kept',
      'website-redirect': 'none',
      'object-lock': 'none',
    });
  });

  test('follows from what the service does by itself, where nobody looked', () => {
    expect(unseenFates('STANDARD_IA', PLAIN_FIDELITY, null)).toEqual({ metadata: 'kept', tags: 'kept', 'storage-class': 'kept' });
    expect(unseenFates(null, { ...PLAIN_FIDELITY, tags: 'drop' }, null)).toMatchObject({ tags: 'changed', 'storage-class': 'unseen' });
    expect(unseenFates('GLACIER', PLAIN_FIDELITY, 'GLACIER')).toMatchObject({ 'storage-class': 'changed' });
  });

  test('of the ETag is lost where no rule of the request changes it', () => {
    const kms: Fidelity = { ...PLAIN_FIDELITY, encryption: { kind: 'kms', algorithm: 'aws:kms', key: null, bucketKey: false } };
    expect([etagFate('a', 'a', kms), etagFate('a', 'b', kms), etagFate('a', 'b', PLAIN_FIDELITY), etagFate(null, 'b', kms)]).toEqual([
      'kept',
      'changed',
      'lost',
      'unseen',
    ]);
  });
});
