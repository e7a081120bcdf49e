/** Credentials from the variables that every AWS tool reads; at once, with nothing to load. */
import type { Credentials } from './credential-provider.ts';

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

function expirationOf(text: string | undefined): { readonly expiration?: Date } {
  const expiration = new Date(text ?? '');
  return Number.isNaN(expiration.getTime()) ? {} : { expiration };
}

/** The keys in `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_CREDENTIAL_EXPIRATION`; null where the first two are not both set. */
export function environmentCredentials(env: Environment): Credentials | null {
  const accessKeyId = env.AWS_ACCESS_KEY_ID;
  const secretAccessKey = env.AWS_SECRET_ACCESS_KEY;
  if (!accessKeyId || !secretAccessKey) return null;
  const token = env.AWS_SESSION_TOKEN ? { sessionToken: env.AWS_SESSION_TOKEN } : {};
  return { accessKeyId, secretAccessKey, ...token, ...expirationOf(env.AWS_CREDENTIAL_EXPIRATION) };
}
