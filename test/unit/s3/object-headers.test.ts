import { describe, expect, it } from 'vitest';
import { encryptionOf, keptHeaders, objectHead, quoted, unquoted } from '../../../emr-steps/s3/object-headers.ts';

const HEADERS = {
  'accept-ranges': 'bytes',
  'cache-control': 'max-age=60',
  'content-disposition': 'attachment; filename="ä.txt"',
  'content-encoding': 'gzip',
  'content-language': 'de',
  'content-length': '8388608',
  'content-range': 'bytes 0-8388607/20971520',
  'content-type': 'text/plain',
  date: 'Fri, 20 Nov 2026 10:00:00 GMT',
  etag: '"9b2cf535f27731c974343645a3985328-3"',
  expires: 'Thu, 01 Dec 1994 16:00:00 GMT',
  'last-modified': 'Thu, 19 Nov 2026 08:30:00 GMT',
  server: 'AmazonS3',
  'x-amz-archive-status': 'ARCHIVE_ACCESS',
  'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=',
  'x-amz-checksum-type': 'FULL_OBJECT',
  'x-amz-meta-Owner': 'not lower case, so not from a transport',
  'x-amz-meta-owner': 'me',
  'x-amz-mp-parts-count': '3',
  'x-amz-restore': 'ongoing-request="true"',
  'x-amz-server-side-encryption': 'aws:kms',
  'x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:eu-central-1:1:key/a',
  'x-amz-storage-class': 'INTELLIGENT_TIERING',
  'x-amz-tagging-count': '2',
  'x-amz-version-id': 'v1',
  'x-amz-website-redirect-location': '/other',
};

describe('objectHead', () => {
  it('reads every header that a plan needs', () => {
    expect(objectHead(HEADERS)).toEqual({
      size: 8388608,
      objectSize: 20971520,
      etag: '9b2cf535f27731c974343645a3985328-3',
      lastModified: new Date('2026-11-19T08:30:00Z'),
      storageClass: 'INTELLIGENT_TIERING',
      archiveStatus: 'ARCHIVE_ACCESS',
      restore: 'ongoing-request="true"',
      partsCount: 3,
      tagCount: 2,
      kept: keptHeaders(HEADERS),
      encryption: { algorithm: 'aws:kms', kmsKeyId: 'arn:aws:kms:eu-central-1:1:key/a' },
      checksums: { crc64nvme: 'AAAAAAAAAAA=' },
      checksumType: 'FULL_OBJECT',
      versionId: 'v1',
      isLocked: false,
    });
  });

  it('sees a retention or a legal hold where the service shows it', () => {
    const lockOf = (headers: Record<string, string>): boolean => objectHead(headers).isLocked;
    expect(lockOf({ 'x-amz-object-lock-mode': 'GOVERNANCE' })).toBe(true);
    expect(lockOf({ 'x-amz-object-lock-legal-hold': 'ON' })).toBe(true);
    expect(lockOf({ 'x-amz-object-lock-legal-hold': 'OFF' })).toBe(false);
  });

  it('makes nothing up where headers are missing or unreadable', () => {
    const nothing = { etag: null, lastModified: null, storageClass: 'STANDARD', archiveStatus: null, restore: null, partsCount: null, objectSize: null };
    expect(objectHead({})).toEqual({
      ...nothing,
      size: 0,
      tagCount: 0,
      kept: {},
      encryption: null,
      checksums: {},
      checksumType: null,
      versionId: null,
      isLocked: false,
    });
    expect(objectHead({ 'last-modified': 'yesterday', 'x-amz-mp-parts-count': 'many', 'content-range': 'bytes 0-1/*' })).toMatchObject(nothing);
  });
});

describe('keptHeaders', () => {
  it('keeps system headers, metadata and redirect as they are, and nothing else', () => {
    expect(Object.keys(keptHeaders(HEADERS)).sort()).toEqual([
      'cache-control',
      'content-disposition',
      'content-encoding',
      'content-language',
      'content-type',
      'expires',
      'x-amz-meta-Owner',
      'x-amz-meta-owner',
      'x-amz-website-redirect-location',
    ]);
  });
});

describe('encryptionOf', () => {
  it.each([
    [{ 'x-amz-server-side-encryption': 'AES256' }, { algorithm: 'AES256', kmsKeyId: null }],
    [{ 'x-amz-server-side-encryption': 'aws:kms:dsse' }, { algorithm: 'aws:kms:dsse', kmsKeyId: null }],
    [{ 'x-amz-server-side-encryption': 'aws:fsx' }, { algorithm: 'other', kmsKeyId: null }],
    [{ 'x-amz-server-side-encryption-customer-algorithm': 'AES256' }, { algorithm: 'customer', kmsKeyId: null }],
    [{}, null],
  ])('reads %j as %j', (headers, encryption) => {
    expect(encryptionOf(headers)).toEqual(encryption);
  });
});

describe('quoted and unquoted', () => {
  it('add and remove one pair of quotes', () => {
    expect([quoted('a'), quoted('"a"'), unquoted('"a"'), unquoted('a')]).toEqual(['"a"', '"a"', 'a', 'a']);
  });
});
