import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fate } from '../../../emr-steps/books/drift.ts';
import { CopyRules, type RuleOptions } from '../../../emr-steps/copy/copy-rules.ts';
import type { Written } from '../../../emr-steps/copy/prove.ts';
import type { EncryptionRule } from '../../../emr-steps/fidelity/encryption-rule.ts';
import type { Fidelity } from '../../../emr-steps/fidelity/fidelity.ts';
import type { S3Client } from '../../../emr-steps/s3/s3-client.ts';
import { MD5, whole } from './tasks.ts';

const CLIENT: S3Client = {
  bucket: 'b',
  region: 'us-east-1',
  send: () => Promise.reject(new Error('no request was expected')),
  open: () => Promise.reject(new Error('no request was expected')),
  close: () => Promise.resolve(),
};
const SIDES = { source: CLIENT, destination: CLIENT, sourcePrefix: '', destinationPrefix: '' };

const copies = fc.record({
  etag: fc.constantFrom(MD5, null),
  storageClass: fc.constantFrom('STANDARD', 'GLACIER_IR', null),
  checksum: fc.constantFrom(null, { algorithm: 'CRC32C', type: 'FULL_OBJECT' } as const),
  written: fc.record<Written>({
    etag: fc.constantFrom(MD5, MD5.toUpperCase()),
    encryption: fc.constantFrom(null, { algorithm: 'aws:kms', kmsKeyId: 'k' } as const),
    checksums: fc.constantFrom({}, { crc32c: 'AAAAAA==' }),
  }),
  acl: fc.constantFrom<Fate>('kept', 'changed', 'lost', 'unseen'),
});
const fidelity = fc.record<Fidelity>({
  encryption: fc.constantFrom<EncryptionRule>({ kind: 'bucket-default' }, { kind: 'sse-s3' }),
  acl: fc.constant('none'),
  tags: fc.constantFrom('keep', 'drop'),
  checksums: fc.constantFrom('keep', 'ignore'),
  redirects: fc.constant(false),
});
const options = fc.record<Pick<RuleOptions, 'classRule' | 'fidelity'>>({ classRule: fc.constantFrom(null, 'STANDARD_IA'), fidelity });

describe('the drift of objects that nobody looked at', () => {
  it('is the same for an object whatever came before it', () => {
    fc.assert(
      fc.property(options, fc.array(copies, { minLength: 1, maxLength: 20 }), (rules, objects) => {
        const all = new CopyRules({ ...SIDES, ...rules });
        for (const { written, acl, ...task } of objects) {
          const sight = { head: null, acl };
          expect(all.drift(whole(task), written, sight)).toBe(new CopyRules({ ...SIDES, ...rules }).drift(whole(task), written, sight));
        }
      }),
    );
  });
});
