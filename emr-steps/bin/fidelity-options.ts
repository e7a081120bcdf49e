/** From a program's options to the rules of fidelity. */
import type { EncryptionRule } from '../fidelity/encryption-rule.ts';
import type { Fidelity } from '../fidelity/fidelity.ts';
import type { FIDELITY_OPTIONS } from '../records/program-options.ts';
import { type OptionValues, StepArgumentError } from '../records/step-arguments.ts';

type Values = OptionValues<typeof FIDELITY_OPTIONS>;

/** The rules. @throws StepArgumentError where options contradict each other */
export function fidelityOf(options: Values): Fidelity {
  const { acl, tags, checksums, redirects } = options;
  return { encryption: encryptionOf(options), acl, tags, checksums, redirects };
}

function encryptionOf(options: Values): EncryptionRule {
  const { encryption, 'kms-key': key = null, 'bucket-key': bucketKey, 'kms-key-map': pairs } = options;
  if (pairs.length > 0) {
    if (encryption !== 'bucket-default') throw new StepArgumentError(`--kms-key-map does not go with --encryption ${encryption}; leave one of them out`);
    return { kind: 'kms-map', keys: keyMap(pairs), otherwise: key, bucketKey };
  }
  if (encryption === 'aws:kms' || encryption === 'aws:kms:dsse') return { kind: 'kms', algorithm: encryption, key, bucketKey };
  if (key !== null) throw new StepArgumentError(`--kms-key does not go with --encryption ${encryption}; write aws:kms, or leave the key out`);
  if (encryption === 'keep') return { kind: 'keep', bucketKey };
  if (bucketKey) throw new StepArgumentError(`--bucket-key does not go with --encryption ${encryption}; it is of KMS keys alone`);
  return encryption === 'AES256' ? { kind: 'sse-s3' } : { kind: 'bucket-default' };
}

function keyMap(pairs: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    pairs.map((pair) => {
      const [source = '', destination = '', ...more] = pair.split('=');
      if (source === '' || destination === '' || more.length > 0)
        throw new StepArgumentError(`--kms-key-map is ${JSON.stringify(pair)}; write SOURCE=DESTINATION, each the ARN of a key`);
      return [source, destination];
    }),
  );
}
