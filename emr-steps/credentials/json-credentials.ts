/** Credentials as the metadata services write them: `AccessKeyId`, `SecretAccessKey`, `Token`, `Expiration`. */
import type { Credentials } from './credential-provider.ts';

/** The members of a JSON object; null where the text is none. The parser's own error would show the beginning of the text. */
export function jsonMembers(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The credentials of an answer; null where one of the members is missing. */
export function credentialsFromJson(text: string): Credentials | null {
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken, Expiration: end } = jsonMembers(text) ?? {};
  if (!isText(accessKeyId) || !isText(secretAccessKey)) return null;
  const expiration = new Date(isText(end) ? end : '');
  return {
    accessKeyId,
    secretAccessKey,
    ...(isText(sessionToken) && { sessionToken }),
    ...(!Number.isNaN(expiration.getTime()) && { expiration }),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
