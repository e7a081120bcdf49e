/** Accounts, their access keys, roles and keys of encryption: who calls, and what they may do. */
import { hash } from 'node:crypto';
import { type Policy, parseIdentityPolicy } from './access/policy.ts';
import { identityPolicies, type KmsKey, type KnownKmsKey, type KnownRole, knownKmsKey, knownRole, type PolicyDocument, type Role } from './identities.ts';
import { openSession, type Session, type SessionKeys, sealSession } from './sts/session-token.ts';

/** A pair of keys, and whose they are. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** For temporary credentials: must come with every request. @default none */
  readonly sessionToken?: string;
  /** Milliseconds since the epoch after which the keys are refused as `ExpiredToken`. @default never */
  readonly expires?: number;
  /** Who calls with it, such as `arn:aws:iam::111122223333:user/ann` or `arn:aws:sts::111122223333:assumed-role/copier/run-7`. @default the account's root */
  readonly arn?: string;
  /** What the caller may do, as policies of IAM. @default everything that the account may */
  readonly policies?: readonly PolicyDocument[];
}

/** One account. */
export interface Account {
  /** Twelve digits. */
  readonly id: string;
  /** What listings show as the owner's display name. @default the id */
  readonly name?: string;
  readonly keys: readonly AccessKey[];
  /** Roles that AssumeRole gives sessions of. @default none */
  readonly roles?: readonly Role[];
  /** Keys of encryption. Where no account of a store has any, every name of a key is taken and nobody is refused its use. @default none */
  readonly kmsKeys?: readonly KmsKey[];
}

/** Who calls; account and ARN are null for a request without a signature. */
export interface Caller {
  readonly accountId: string | null;
  readonly arn: string | null;
  /** What the caller may do. @default everything that its account may */
  readonly policies?: readonly Policy[];
  /** What the caller's session may do at most. @default all of it */
  readonly sessionPolicy?: Policy;
}

/** A request without a signature. */
export const ANONYMOUS: Caller = { accountId: null, arn: null };

/** The 64 hexadecimal digits by which S3 names an account in listings, made from its number. */
export function canonicalId(accountId: string): string {
  return hash('sha256', `canonical user of ${accountId}`);
}

/** An access key together with its owner. */
export interface KnownKey {
  readonly key: AccessKey;
  readonly caller: Caller;
}

/** Sessions that are opened once and remembered, so that not every request pays for it. */
const MOST_OPEN_SESSIONS = 1000;

function callerOf(accountId: string, { arn, policies }: AccessKey): Caller {
  const caller = { accountId, arn: arn ?? `arn:aws:iam::${accountId}:root` };
  return policies === undefined ? caller : { ...caller, policies: identityPolicies(policies) };
}

/** All accounts of a store. */
export class Accounts {
  readonly #byId = new Map<string, Account>();
  readonly #byKey = new Map<string, KnownKey>();
  readonly #roles = new Map<string, KnownRole>();
  readonly #sessions = new Map<string, KnownKey>();
  readonly #secret: string;
  /** Keys of encryption of all accounts. */
  readonly kmsKeys: readonly KnownKmsKey[];

  /** @throws ServiceError `MalformedPolicy` where a policy of an account cannot be read */
  constructor(accounts: readonly Account[]) {
    for (const account of accounts) {
      this.#byId.set(account.id, account);
      for (const key of account.keys) this.addKey(account.id, key);
      for (const role of account.roles ?? []) this.addRole(account.id, role);
    }
    this.#secret = hash('sha256', JSON.stringify(accounts.map(({ id, keys }) => [id, keys])));
    this.kmsKeys = accounts.flatMap(({ id, kmsKeys }) => (kmsKeys ?? []).map((key) => knownKmsKey(id, key)));
  }

  /** Adds a pair of keys to an account (a session, say); one with the same id is replaced. */
  addKey(accountId: string, key: AccessKey): void {
    this.#byKey.set(key.accessKeyId, { key, caller: callerOf(accountId, key) });
  }

  /** Adds a role to an account; one with the same name is replaced, and its sessions may at once what the new one may. */
  addRole(accountId: string, role: Role): void {
    const known = knownRole(accountId, role);
    this.#roles.set(known.arn, known);
    this.#sessions.clear();
  }

  /** Undefined for keys that no account has. Those of a session are known by its token. */
  find(accessKeyId: string, sessionToken?: string): KnownKey | undefined {
    const known = this.#byKey.get(accessKeyId);
    if (known !== undefined || sessionToken === undefined) return known;
    const session = this.#sessions.get(sessionToken) ?? this.#open(sessionToken);
    return session?.key.accessKeyId === accessKeyId ? session : undefined;
  }

  /** Undefined where there is no such role. */
  role(arn: string): KnownRole | undefined {
    return this.#roles.get(arn);
  }

  /** Gives the credentials of a session. */
  beginSession(session: Session): SessionKeys {
    return sealSession(this.#secret, session);
  }

  #open(sessionToken: string): KnownKey | undefined {
    const opened = openSession(this.#secret, sessionToken);
    const role = opened === null ? undefined : this.#roles.get(opened.session.roleArn);
    if (opened === null || role === undefined) return undefined;
    const { name, expires, policy } = opened.session;
    const arn = `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${name}`;
    const caller = { accountId: role.accountId, arn, policies: role.policies };
    const known = {
      key: { ...opened.keys, expires, arn },
      caller: policy === null ? caller : { ...caller, sessionPolicy: parseIdentityPolicy(policy) },
    };
    if (this.#sessions.size >= MOST_OPEN_SESSIONS) this.#sessions.clear();
    this.#sessions.set(sessionToken, known);
    return known;
  }

  /** What listings call an account. */
  displayName(accountId: string): string {
    return this.#byId.get(accountId)?.name ?? accountId;
  }

  /** The account that a request without checked signatures is taken for. */
  first(): Caller {
    const [account] = this.#byId.values();
    return account === undefined ? ANONYMOUS : { accountId: account.id, arn: `arn:aws:iam::${account.id}:root` };
  }
}
