/** Accounts and their access keys: who calls. */
import { hash } from 'node:crypto';

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
}

/** One account. */
export interface Account {
  /** Twelve digits. */
  readonly id: string;
  /** What listings show as the owner's display name. @default the id */
  readonly name?: string;
  readonly keys: readonly AccessKey[];
}

/** Who calls; both null for a request without a signature. */
export interface Caller {
  readonly accountId: string | null;
  readonly arn: string | null;
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

/** All accounts of a store. */
export class Accounts {
  readonly #byId = new Map<string, Account>();
  readonly #byKey = new Map<string, KnownKey>();

  constructor(accounts: readonly Account[]) {
    for (const account of accounts) {
      this.#byId.set(account.id, account);
      for (const key of account.keys) this.addKey(account.id, key);
    }
  }

  /** Adds a pair of keys to an account (a session, say); one with the same id is replaced. */
  addKey(accountId: string, key: AccessKey): void {
    this.#byKey.set(key.accessKeyId, { key, caller: { accountId, arn: key.arn ?? `arn:aws:iam::${accountId}:root` } });
  }

  /** Undefined for keys that no account has. */
  find(accessKeyId: string): KnownKey | undefined {
    return this.#byKey.get(accessKeyId);
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
