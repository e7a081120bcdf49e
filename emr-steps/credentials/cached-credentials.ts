/** A provider that asks another one once, and again shortly before the credentials run out; callers at the same time share one question. */
import type { CredentialProvider, Credentials } from './credential-provider.ts';

/** Milliseconds before their end from which credentials are replaced: 5 minutes, as the SDKs do. */
const MARGIN_MILLISECONDS = 300_000;
/** Milliseconds between two questions while the old credentials are still good. */
const PAUSE_MILLISECONDS = 10_000;

/**
 * Caches a provider. When it fails while the last credentials are still good, these are given.
 *
 * @param now - the clock, in milliseconds
 */
export function cachedCredentials(provider: CredentialProvider, now: () => number = Date.now): CredentialProvider {
  const cache = new CredentialCache(provider, now);
  return (options) => cache.get(options?.forceRefresh === true);
}

class CredentialCache {
  private readonly provider: CredentialProvider;
  private readonly now: () => number;
  private last: Credentials | null = null;
  private asking: Promise<Credentials> | null = null;
  private notBefore = Number.NEGATIVE_INFINITY;

  constructor(provider: CredentialProvider, now: () => number) {
    this.provider = provider;
    this.now = now;
  }

  get(forceRefresh: boolean): Promise<Credentials> {
    if (this.asking !== null) return this.asking;
    const { last } = this;
    if (last !== null && !forceRefresh && this.isFresh(last)) return Promise.resolve(last);
    this.asking = this.ask(forceRefresh).finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  private async ask(forceRefresh: boolean): Promise<Credentials> {
    try {
      this.last = await this.provider({ forceRefresh });
      return this.last;
    } catch (error) {
      if (this.last === null || forceRefresh || this.millisecondsLeft(this.last) <= 0) throw error;
      return this.last;
    } finally {
      this.notBefore = this.now() + PAUSE_MILLISECONDS;
    }
  }

  private isFresh(credentials: Credentials): boolean {
    const left = this.millisecondsLeft(credentials);
    return left > MARGIN_MILLISECONDS || (left > 0 && this.now() < this.notBefore);
  }

  private millisecondsLeft({ expiration }: Credentials): number {
    return expiration === undefined ? Number.POSITIVE_INFINITY : expiration.getTime() - this.now();
  }
}
