/** Statements of policies, as short as what they say. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** Conditions of a statement. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Actions of one service on resources. @param actions - without the service's prefix */
export function allow(service: string, actions: readonly string[], resources: readonly string[], conditions: Conditions = {}): PolicyStatement {
  return new PolicyStatement({ actions: actions.map((action) => `${service}:${action}`), resources: [...resources], conditions });
}

/** What reads and writes under a key of KMS: data keys for what is written, decryption of what is read. */
export function useKey(keyArn: string): PolicyStatement {
  return allow('kms', ['Decrypt', 'GenerateDataKey'], [keyArn]);
}

/** The buckets of objects, each once. @param objects - ARNs such as `arn:aws:s3:::bucket/prefix/*` */
export function bucketsOf(objects: readonly string[]): readonly string[] {
  return [...new Set(objects.map((place) => place.slice(0, place.indexOf('/'))))];
}
