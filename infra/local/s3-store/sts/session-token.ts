/**
 * Sessions of roles, as tokens that hold everything about them under a seal: nothing is kept, so that the processes of one store, and a store
 * that starts again, know each other's sessions.
 */
import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/** What a token holds. */
export interface Session {
  readonly roleArn: string;
  readonly name: string;
  /** Milliseconds since the epoch, whole seconds. */
  readonly expires: number;
  /** The text of the session's own policy; null without one. */
  readonly policy: string | null;
  /** Tells sessions apart that are alike otherwise. */
  readonly salt: string;
}

/** Temporary credentials. */
export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Capitals and digits, as ids of IAM have behind their first four letters. */
export function idSigns(text: string, signs: number): string {
  const digest = hash('sha256', text, 'buffer');
  return Array.from(digest.subarray(0, signs), (byte) => SIGNS[byte % SIGNS.length]).join('');
}

function sealOf(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

function keysOf(secret: string, sessionToken: string): SessionKeys {
  return {
    accessKeyId: `ASIA${idSigns(sessionToken, 16)}`,
    secretAccessKey: createHmac('sha256', secret).update(`secret key of ${sessionToken}`).digest('base64').slice(0, 40),
    sessionToken,
  };
}

/** The credentials of a session; `secret` is the store's own. */
export function sealSession(secret: string, session: Session): SessionKeys {
  const text = Buffer.from(JSON.stringify(session)).toString('base64url');
  return keysOf(secret, `IQoJb3JpZ2luX2Vj${text}.${sealOf(secret, text)}`);
}

/** The inverse; null for a token that this store did not give. */
export function openSession(secret: string, sessionToken: string): { readonly session: Session; readonly keys: SessionKeys } | null {
  const [, text = '', seal = ''] = /^IQoJb3JpZ2luX2Vj([\w-]+)\.([\w-]{43})$/.exec(sessionToken) ?? [];
  if (seal === '' || !timingSafeEqual(Buffer.from(seal), Buffer.from(sealOf(secret, text)))) return null;
  return { session: JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Session, keys: keysOf(secret, sessionToken) };
}
