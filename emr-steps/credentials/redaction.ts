/** Takes secrets out of words that others wrote: a service's message, or the SDK's, may repeat what it was sent. */
import type { Credentials } from './credential-provider.ts';

const KEY_ID = /\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g;
const SIGNED = /AWS4-HMAC-SHA256.*?Signature=[0-9a-f]+/gs;
/** Session tokens are several hundred signs of base64, in either alphabet; a path that long without a dot goes with them. */
const LONG_BASE64 = /[A-Za-z0-9+/=_-]{100,}/g;
/** Node shows the beginning of a text that is no JSON, and the SDK the whole command line of a `credential_process` with what it printed. */
const REPEATS_INPUT: readonly (readonly [RegExp, string])[] = [
  [/^Command failed/, 'its credential_process failed; run it by hand'],
  [/JSON/, 'what came is no JSON of the form that is expected'],
];
const LONGEST = 500;

/** The words without key ids, tokens, the given secrets and line breaks; 500 signs at most. */
export function withoutSecrets(words: string, ...known: readonly Credentials[]): string {
  const secrets = known.flatMap(({ accessKeyId, secretAccessKey, sessionToken }) => [secretAccessKey, sessionToken, accessKeyId]);
  let text = words;
  for (const secret of secrets) if (secret) text = text.replaceAll(secret, '(removed)');
  return text.replace(SIGNED, '(signature)').replace(KEY_ID, '(access key id)').replace(LONG_BASE64, '(removed)').replace(/\s+/g, ' ').trim().slice(0, LONGEST);
}

/** What an error of the SDK, or of the system, says, without what it repeats. */
export function safeReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return REPEATS_INPUT.find(([pattern]) => pattern.test(message))?.[1] ?? withoutSecrets(message);
}
