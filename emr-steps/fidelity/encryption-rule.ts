/** How copies are encrypted: which headers say so, and what that means for the source's encryption. */
import type { Fate } from '../books/drift.ts';
import type { Encryption, EncryptionAlgorithm } from '../s3/object-headers.ts';

/** The two kinds of encryption by KMS. */
export type KmsAlgorithm = 'aws:kms' | 'aws:kms:dsse';

/**
 * `bucket-default`: nothing is sent. `sse-s3`: keys of S3. `kms`: one key, or the account's `aws/s3` where none is given. `kms-map`: objects under
 * KMS get the key that their own is mapped to, or `otherwise`; all others, and those of a key without an entry, the bucket's default. `keep`: as
 * the source has it, kind and key. All but the first three must look at the source.
 */
export type EncryptionRule =
  | { readonly kind: 'bucket-default' }
  | { readonly kind: 'sse-s3' }
  | { readonly kind: 'kms'; readonly algorithm: KmsAlgorithm; readonly key: string | null; readonly bucketKey: boolean }
  | { readonly kind: 'kms-map'; readonly keys: ReadonlyMap<string, string>; readonly otherwise: string | null; readonly bucketKey: boolean }
  | { readonly kind: 'keep'; readonly bucketKey: boolean };

const ALGORITHM = 'x-amz-server-side-encryption';
const KEY = 'x-amz-server-side-encryption-aws-kms-key-id';
const BUCKET_KEY = 'x-amz-server-side-encryption-bucket-key-enabled';

type Headers = Readonly<Record<string, string>>;

function kmsHeaders(algorithm: KmsAlgorithm, key: string | null, bucketKey: boolean): Headers {
  return { [ALGORITHM]: algorithm, ...(key === null ? {} : { [KEY]: key }), ...(bucketKey && algorithm === 'aws:kms' ? { [BUCKET_KEY]: 'true' } : {}) };
}

function isKms(algorithm: EncryptionAlgorithm): algorithm is KmsAlgorithm {
  return algorithm === 'aws:kms' || algorithm === 'aws:kms:dsse';
}

/** The key that a source's key is mapped to: by its ARN as S3 names it, or by the id at the ARN's end. */
function mappedKey(keys: ReadonlyMap<string, string>, source: string | null): string | null {
  if (source === null) return null;
  return keys.get(source) ?? keys.get(source.slice(source.lastIndexOf('/') + 1)) ?? null;
}

function mappedHeaders(rule: EncryptionRule & { kind: 'kms-map' }, source: Encryption | null): Headers {
  if (source === null || !isKms(source.algorithm)) return {};
  const key = mappedKey(rule.keys, source.kmsKeyId) ?? rule.otherwise;
  return key === null ? {} : kmsHeaders(source.algorithm, key, rule.bucketKey);
}

function keptHeaders({ bucketKey }: { readonly bucketKey: boolean }, source: Encryption | null): Headers {
  if (source === null || source.algorithm === 'AES256') return { [ALGORITHM]: 'AES256' };
  return isKms(source.algorithm) ? kmsHeaders(source.algorithm, source.kmsKeyId, bucketKey) : {};
}

/**
 * The headers that ask for the encryption.
 *
 * @param source - the source's encryption; needed for `kms-map` and `keep` alone. Null: plain bytes, of which S3 has none any more
 */
export function encryptionHeaders(rule: EncryptionRule, source: Encryption | null): Headers {
  switch (rule.kind) {
    case 'bucket-default':
      return {};
    case 'sse-s3':
      return { [ALGORITHM]: 'AES256' };
    case 'kms':
      return kmsHeaders(rule.algorithm, rule.key, rule.bucketKey);
    case 'kms-map':
      return mappedHeaders(rule, source);
    case 'keep':
      return keptHeaders(rule, source);
  }
}

/** Whether the rule may itself give copies other ETags than their sources: under KMS they are no MD5s. */
export function changesEtags(rule: EncryptionRule): boolean {
  return rule.kind === 'kms' || rule.kind === 'kms-map';
}

const STRENGTH: Readonly<Record<EncryptionAlgorithm, number>> = { AES256: 0, other: 0, 'aws:kms': 1, customer: 1, 'aws:kms:dsse': 2 };

/**
 * What became of the source's encryption.
 *
 * @param source - undefined: nobody looked
 * @param copy - as the service says it
 */
export function encryptionFate(rule: EncryptionRule, source: Encryption | null | undefined, copy: Encryption | null): Fate {
  if (source === undefined) return rule.kind === 'bucket-default' ? 'unseen' : 'changed';
  const [before, after] = [source?.algorithm ?? 'AES256', copy?.algorithm ?? 'AES256'];
  if (before === after && (source?.kmsKeyId ?? null) === (copy?.kmsKeyId ?? null)) return 'kept';
  const isWeaker = STRENGTH[after] < STRENGTH[before];
  return isWeaker && (rule.kind === 'bucket-default' || rule.kind === 'kms-map' || rule.kind === 'keep') ? 'lost' : 'changed';
}
