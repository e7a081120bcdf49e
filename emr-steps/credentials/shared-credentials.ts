/**
 * Credentials that one process of a machine asks for and all of its user's processes use: dozens of mappers start together, and a metadata
 * service or STS that each of them asks breaks down.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CredentialProvider, Credentials } from './credential-provider.ts';
import { readSharedSecret, type SharedSecret, writeSharedSecret } from './credentials-file.ts';
import { openSharedDirectory } from './shared-directory.ts';
import { type Turn, tryTurn } from './turn-lock.ts';

/** What is shared, where. */
export interface SharedCredentialsOptions {
  /** Names the identity; the file's name. Of `[a-z0-9-]`. */
  readonly name: string;
  /** See `sharedDirectory`. */
  readonly directory: string;
  /** Asked by the process whose turn it is. */
  readonly provider: CredentialProvider;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

/** Milliseconds before their end from which whoever comes asks for new ones: 10 minutes; caches come to it between 5 and 10 minutes before. */
const RENEWAL_MILLISECONDS = 600_000;
/** Milliseconds that an answer is left alone even if it is near its end: a service may have no newer ones yet. */
const RECENT_MILLISECONDS = 60_000;
/** Milliseconds before their end until which old credentials do while another process asks. */
const USABLE_MILLISECONDS = 60_000;
/** Milliseconds that a process waits for others before it asks by itself; longer than a turn may last. */
const LONGEST_WAIT_MILLISECONDS = 150_000;

/** A provider that shares what `provider` gives. Credentials without an end are given on and not shared. */
export function sharedCredentials(options: SharedCredentialsOptions): CredentialProvider {
  const shared = new SharedCredentials(options);
  return (asked) => shared.get(asked?.forceRefresh === true);
}

class SharedCredentials {
  private readonly options: SharedCredentialsOptions;
  /** What was given last: a forced refresh wants anything but these. */
  private given: string | null = null;

  constructor(options: SharedCredentialsOptions) {
    this.options = options;
  }

  async get(forceRefresh: boolean): Promise<Credentials> {
    const found = (await this.fromFile(forceRefresh)) ?? (await this.fromOthersOrSelf(forceRefresh));
    this.given = found.accessKeyId;
    return found;
  }

  /** What the file holds, where that will do. */
  private async fromFile(forceRefresh: boolean): Promise<Credentials | null> {
    const { directory, name } = this.options;
    if (!(await openSharedDirectory(directory))) return null;
    const secret = await readSharedSecret(directory, name);
    return secret !== null && this.willDo(secret, forceRefresh) ? secret.credentials : null;
  }

  private willDo({ credentials, askedAt }: SharedSecret, forceRefresh: boolean): boolean {
    if (forceRefresh && (this.given === null || this.given === credentials.accessKeyId)) return false;
    const now = this.options.now();
    const left = credentials.expiration.getTime() - now;
    return left > RENEWAL_MILLISECONDS || (left > USABLE_MILLISECONDS && now - askedAt < RECENT_MILLISECONDS);
  }

  private async fromOthersOrSelf(forceRefresh: boolean): Promise<Credentials> {
    const begun = performance.now();
    for (let pause = 20; ; pause = Math.min(pause * 2, 500)) {
      const turn = await this.turn();
      if (turn === 'none to be had' || performance.now() - begun > LONGEST_WAIT_MILLISECONDS) return this.options.provider({ forceRefresh });
      if (turn !== null) return await this.inTurn(turn, forceRefresh);
      const old = forceRefresh ? null : await this.stillUsable();
      if (old !== null) return old;
      await sleep(pause * (0.5 + Math.random()));
      const found = await this.fromFile(forceRefresh);
      if (found !== null) return found;
    }
  }

  /** Null: another process has it. */
  private async turn(): Promise<Turn | null | 'none to be had'> {
    const { directory, name } = this.options;
    return await tryTurn(directory, name).catch(() => 'none to be had' as const);
  }

  private async inTurn(turn: Turn, forceRefresh: boolean): Promise<Credentials> {
    try {
      const found = await this.fromFile(forceRefresh);
      if (found !== null) return found;
      return await this.ask(forceRefresh);
    } finally {
      await turn.release().catch(() => {});
    }
  }

  private async ask(forceRefresh: boolean): Promise<Credentials> {
    try {
      const credentials = await this.options.provider({ forceRefresh });
      await this.share(credentials);
      return credentials;
    } catch (error) {
      const old = forceRefresh ? null : await this.stillUsable();
      if (old === null) throw error;
      return old;
    }
  }

  /** A disk that is full must not stop a run: then every process asks. */
  private async share(credentials: Credentials): Promise<void> {
    const { expiration } = credentials;
    if (expiration === undefined) return;
    const { directory, name, now } = this.options;
    await writeSharedSecret(directory, name, { credentials: { ...credentials, expiration }, askedAt: now() }).catch(() => {});
  }

  /** Nobody waits for new credentials, or fails without them, while the old ones are good. */
  private async stillUsable(): Promise<Credentials | null> {
    const secret = await readSharedSecret(this.options.directory, this.options.name);
    if (secret === null) return null;
    return secret.credentials.expiration.getTime() - this.options.now() > USABLE_MILLISECONDS ? secret.credentials : null;
  }
}
