/** Roles and keys of encryption as a store is given them, and as it uses them: with their policies read. */
import { type Policy, parseIdentityPolicy, parseKeyPolicy, parseTrustPolicy } from './access/policy.ts';

/** A policy document, as its JSON text or as the object that the text stands for. */
export type PolicyDocument = string | object;

/** A role that others may assume. */
export interface Role {
  /** Without a path; the ARN is `arn:aws:iam::<account>:role/<name>`. */
  readonly name: string;
  /** Who may assume it: statements on `sts:AssumeRole`, with conditions such as `sts:ExternalId`. */
  readonly trustPolicy: PolicyDocument;
  /** What its sessions may do. @default nothing but what resources allow them */
  readonly policies?: readonly PolicyDocument[];
  /** The longest session, 3600 to 43200 seconds. @default 3600 */
  readonly maxSessionSeconds?: number;
}

/** A permission to use a key that stands beside the key's policy. */
export interface KeyGrant {
  /** The ARN of a user, a role or a session. */
  readonly grantee: string;
  /** Such as `Decrypt` and `GenerateDataKey`. */
  readonly operations: readonly string[];
}

/** A key of KMS. */
export interface KmsKey {
  /** The last part of its ARN, `arn:aws:kms:<region>:<account>:key/<id>`. */
  readonly id: string;
  /** @default us-east-1 */
  readonly region?: string;
  /** The name behind `alias/`. @default none */
  readonly alias?: string;
  /** @default the account decides by its identities' policies */
  readonly policy?: PolicyDocument;
  readonly grants?: readonly KeyGrant[];
  /** Whether it was switched off. @default false */
  readonly isDisabled?: boolean;
}

/** A role with its policies read. */
export interface KnownRole {
  readonly arn: string;
  readonly accountId: string;
  readonly name: string;
  readonly trustPolicy: Policy;
  readonly policies: readonly Policy[];
  readonly maxSessionSeconds: number;
}

/** A key with its policy read; grants have become statements of it. */
export interface KnownKmsKey {
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  /** `alias/<name>`; null for a key without one. */
  readonly alias: string | null;
  readonly policy: Policy;
  readonly isDisabled: boolean;
}

const LEAST_SESSION_SECONDS = 3600;

/** The text of a document. */
function policyText(document: PolicyDocument): string {
  return typeof document === 'string' ? document : JSON.stringify(document);
}

/** Policies of an identity; `MalformedPolicy` says what is wrong with one. */
export function identityPolicies(documents: readonly PolicyDocument[]): readonly Policy[] {
  return documents.map((document) => parseIdentityPolicy(policyText(document)));
}

/** Reads a role of an account. */
export function knownRole(accountId: string, role: Role): KnownRole {
  return {
    arn: `arn:aws:iam::${accountId}:role/${role.name}`,
    accountId,
    name: role.name,
    trustPolicy: parseTrustPolicy(policyText(role.trustPolicy)),
    policies: identityPolicies(role.policies ?? []),
    maxSessionSeconds: role.maxSessionSeconds ?? LEAST_SESSION_SECONDS,
  };
}

/** What KMS puts on a key that is made without a policy: the account decides. */
function accountPolicy(accountId: string): PolicyDocument {
  return { Statement: { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: 'kms:*', Resource: '*' } };
}

function granted({ grantee, operations }: KeyGrant): PolicyDocument {
  const actions = operations.map((operation) => `kms:${operation}`);
  return { Statement: { Effect: 'Allow', Principal: { AWS: grantee }, Action: actions, Resource: '*' } };
}

/** Reads a key of an account. */
export function knownKmsKey(accountId: string, key: KmsKey): KnownKmsKey {
  const documents = [key.policy ?? accountPolicy(accountId), ...(key.grants ?? []).map(granted)];
  const policies = documents.map((document) => parseKeyPolicy(policyText(document)));
  const region = key.region ?? 'us-east-1';
  return {
    arn: `arn:aws:kms:${region}:${accountId}:key/${key.id}`,
    accountId,
    region,
    alias: key.alias === undefined ? null : `alias/${key.alias}`,
    policy: { text: policies[0]?.text ?? '', statements: policies.flatMap(({ statements }) => statements) },
    isDisabled: key.isDisabled ?? false,
  };
}
