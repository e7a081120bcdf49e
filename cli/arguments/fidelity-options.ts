/** Options that say what copies take over beside their bytes. */
import type { CliOptions, CliValues } from './option-table.ts';
import { UsageError } from './usage-error.ts';

/** They. */
export const FIDELITY_OPTIONS = {
  'storage-class': { kind: 'text', value: 'CLASS', meaning: 'the class of every copy; as the source has it where not given' },
  sse: {
    kind: 'choice',
    choices: ['bucket-default', 'keep', 'AES256', 'aws:kms', 'aws:kms:dsse'],
    meaning: 'how copies are encrypted: as their bucket does by itself (default), as the source is, or so',
  },
  'sse-kms-key-id': { kind: 'text', value: 'KEY', meaning: 'the KMS key of --sse aws:kms and aws:kms:dsse, or of what no --sse-kms-key-map names' },
  'sse-kms-key-map': { kind: 'texts', value: 'KEY=KEY', meaning: 'objects under the first key get the second one; may stand several times' },
  'bucket-key': { kind: 'flag', meaning: 'with KMS keys: use an S3 Bucket Key, so that KMS is asked less' },
  acl: { kind: 'choice', choices: ['none', 'bucket-owner-full-control', 'copy'], meaning: 'none (default) sends no ACL; copy: the grants of the source' },
  'no-tags': { kind: 'flag', meaning: 'leave the tags out, for who may not read or write them' },
  'no-checksums': { kind: 'flag', meaning: 'store no checksum because the source has one' },
  redirects: { kind: 'flag', meaning: 'keep website redirects of objects that one request copies, for a HEAD of each' },
} as const satisfies CliOptions;

/** Members of `copy` in a request; the schema judges them. */
export function fidelityOf(values: CliValues<typeof FIDELITY_OPTIONS>): object {
  const keyMap = values['sse-kms-key-map'].map(pairOfKeys);
  const encryption = {
    ...(values.sse && { kind: values.sse }),
    ...(values['sse-kms-key-id'] && { key: values['sse-kms-key-id'] }),
    ...(keyMap.length > 0 && { keyMap: Object.fromEntries(keyMap) }),
    ...(values['bucket-key'] && { bucketKey: true }),
  };
  return {
    ...(values['storage-class'] !== undefined && { storageClass: values['storage-class'] }),
    ...(Object.keys(encryption).length > 0 && { encryption }),
    ...(values.acl && { acl: values.acl }),
    ...(values['no-tags'] && { tags: 'drop' }),
    ...(values['no-checksums'] && { checksums: 'ignore' }),
    ...(values.redirects && { redirects: true }),
  };
}

function pairOfKeys(text: string): readonly [string, string] {
  const [, from, to] = /^([^=]+)=([^=]+)$/.exec(text) ?? [];
  if (from === undefined || to === undefined) throw new UsageError([`--sse-kms-key-map is ${JSON.stringify(text)}; write KEY_OF_SOURCE=KEY_OF_DESTINATION`]);
  return [from, to];
}
