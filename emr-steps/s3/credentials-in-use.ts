/** The credentials that sign now: asked for once, and again shortly before they run out. */
import type { CredentialProvider, Credentials } from './credential-provider.ts';

/** Milliseconds before their end from which credentials are no longer used without asking. */
const MARGIN_MILLISECONDS = 60_000;
/** Milliseconds before their end from which the provider is asked in the background, and between two such questions: it decides itself when to replace them. */
const EARLY_MILLISECONDS = 900_000;
const EARLY_PAUSE_MILLISECONDS = 30_000;
/** Milliseconds before credentials are replaced again on a mere suspicion. */
const SUSPICION_PAUSE_MILLISECONDS = 60_000;

/** Holds what the provider gave, so that a request need not wait for it. */
export class CredentialsInUse {
  private readonly provider: CredentialProvider;
  private current: Credentials | null = null;
  private asking: Promise<Credentials> | null = null;
  private suspectedAt = Number.NEGATIVE_INFINITY;
  private askedEarlyAt = Number.NEGATIVE_INFINITY;

  constructor(provider: CredentialProvider) {
    this.provider = provider;
  }

  /** Credentials that are good at `now` (milliseconds): at once where they are at hand. */
  get(now: number): Credentials | Promise<Credentials> {
    const { current } = this;
    if (current === null) return this.ask(false);
    if (current.expiration === undefined) return current;
    const left = current.expiration.getTime() - now;
    if (left <= MARGIN_MILLISECONDS) return this.ask(false);
    if (left <= EARLY_MILLISECONDS) this.askEarly(now);
    return current;
  }

  /** No request waits for this; what fails is asked again, and shows at the latest when the credentials are no longer used. */
  private askEarly(now: number): void {
    if (now - this.askedEarlyAt < EARLY_PAUSE_MILLISECONDS) return;
    this.askedEarlyAt = now;
    this.ask(false).catch(() => {});
  }

  /** Fresh ones, because the service called `refused` expired; nothing is asked when they were replaced meanwhile. False when none come. */
  async replace(refused: Credentials): Promise<boolean> {
    if (this.current !== refused) return true;
    try {
      return (await this.ask(true)) !== refused;
    } catch {
      return false;
    }
  }

  /** As {@link replace}, where the answer does not say that they expired: at most once a minute, because other causes look the same. */
  async replaceSuspected(refused: Credentials, now: number): Promise<boolean> {
    if (this.current === refused && now - this.suspectedAt < SUSPICION_PAUSE_MILLISECONDS) return false;
    this.suspectedAt = now;
    return this.replace(refused);
  }

  private ask(forceRefresh: boolean): Promise<Credentials> {
    this.asking ??= this.provider({ forceRefresh })
      .then((credentials) => {
        this.current = credentials;
        return credentials;
      })
      .finally(() => {
        this.asking = null;
      });
    return this.asking;
  }
}
