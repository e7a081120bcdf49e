/** A provider that asks another one once, and again shortly before the credentials run out; callers at the same time share one question. */
import type { CredentialProvider, Credentials } from './credential-provider.ts';

/** Milliseconds before their end from which credentials are replaced at the latest: 5 minutes, as the SDKs do. Each cache draws its own time between that and twice as much. */
const MARGIN_MILLISECONDS = 300_000;
/** Milliseconds between two questions while the old credentials are still good. */
const PAUSE_MILLISECONDS = 10_000;

/**
 * Caches a provider. When it fails while the last credentials are still good, these are given.
 *
 * @param now - the clock, in milliseconds
 * @param random - in [0, 1): processes that began together must not all come at once for new ones
 */
export function cachedCredentials(provider: CredentialProvider, now: () => number = Date.now, random: () => number = Math.random): CredentialProvider {
  const cache = new CredentialCache(provider, now, MARGIN_MILLISECONDS * (1 + random()));
  return (options) => cache.get(options?.forceRefresh === true);
}

class CredentialCache {
  private readonly provider: CredentialProvider;
  private readonly now: () => number;
  private readonly margin: number;
  private last: Credentials | null = null;
  private asking: Promise<Credentials> | null = null;
  private notBefore = Number.NEGATIVE_INFINITY;

  constructor(provider: CredentialProvider, now: () => number, margin: number) {
    this.provider = provider;
    this.now = now;
    this.margin = margin;
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
    return left > this.margin || (left > 0 && this.now() < this.notBefore);
  }

  private millisecondsLeft({ expiration }: Credentials): number {
    return expiration === undefined ? Number.POSITIVE_INFINITY : expiration.getTime() - this.now();
  }
}
