/** S3's limits by prefix: a bucket of tokens for each prefix (what stands before the last slash) and kind of request. */
import type { PrefixLimits } from './fault-rule.ts';

const WRITES = new Set(['PUT', 'POST', 'DELETE']);

interface Tokens {
  left: number;
  at: number;
}

/** Says which requests are too many. */
export class PrefixLimiter {
  readonly #limits: PrefixLimits;
  readonly #tokens = new Map<string, Tokens>();

  constructor(limits: PrefixLimits) {
    this.#limits = limits;
  }

  /** Takes a token; false where none is left. A second's worth may be used at once. */
  allows(bucket: string, key: string, method: string, now: number): boolean {
    const isWrite = WRITES.has(method);
    const perSecond = isWrite ? this.#limits.writesPerSecond : this.#limits.readsPerSecond;
    const name = `${isWrite ? 'w' : 'r'} ${bucket}/${key.slice(0, key.lastIndexOf('/') + 1)}`;
    const tokens = this.#tokens.get(name) ?? { left: perSecond, at: now };
    this.#tokens.set(name, tokens);
    tokens.left = Math.min(perSecond, tokens.left + ((now - tokens.at) * perSecond) / 1000);
    tokens.at = now;
    if (tokens.left < 1) return false;
    tokens.left -= 1;
    return true;
  }
}
