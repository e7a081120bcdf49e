/**
 * Looks for secrets in what a run left behind: given keys and tokens in every form that they may have taken on the way, and whatever has the
 * look of one. Works on any directory; a finding says where and what kind, never the secret.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

/** Keys that must be found nowhere. */
export interface KnownSecret {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Where something was found. */
export interface Finding {
  /** The file, or the name of the text. */
  readonly place: string;
  /** 1 first. */
  readonly line: number;
  readonly what: string;
}

/** What has the look of a secret, whosever it is. */
const LOOKS: readonly (readonly [string, RegExp])[] = [
  ['an access key id', /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{12,}/],
  ['a session token', /(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz)[A-Za-z0-9+/%=-]{40,}/],
  ['a secret of the shared files or the environment', /aws_(?:secret_access_key|session_token)["']?\s*[=:]\s*["']?[^\s"']{8,}/i],
  ['a secret of a service’s answer', /["<](?:SecretAccessKey|SessionToken|Token)(?:"\s*:\s*"|>)[^"<]{8,}/],
  ['the token of a request', /x-(?:amz-security|aws-ec2-metadata)-token["']?\s*[:=]\s*["']?[A-Za-z0-9+/]{8,}/i],
  ['a signed request', /AWS4-HMAC-SHA256 Credential=|X-Amz-Signature=[0-9a-f]{16,}/i],
];

/** Base64 of a text that stands anywhere in a longer one: its three alignments, without the signs at the ends that its neighbours change. */
function base64Forms(secret: string): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]).toString('base64');
    return text.replace(/=+$/, '').slice(offset === 0 ? 0 : offset + 1, -1);
  });
}

function forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    secret.replaceAll('/', '\\/'),
    bytes.toString('hex'),
    bytes.toString('base64url').slice(0, -2),
    ...base64Forms(secret),
  ];
}

const KINDS = ['accessKeyId', 'secretAccessKey', 'sessionToken'] as const;

/** Where a secret stands first in any form; empty where it does not. */
function positionOf(text: string, secret: string): readonly number[] {
  const found = forms(secret).find((form) => form.length >= 4 && text.includes(form));
  return found === undefined ? [] : [text.indexOf(found)];
}

/** Finds secrets in one text. @param place - what the findings call it */
export function secretsInText(place: string, text: string, known: readonly KnownSecret[]): readonly Finding[] {
  const given = known.flatMap((one) => KINDS.flatMap((kind) => positionOf(text, one[kind] ?? '').map((at) => [`the given ${kind}`, at] as const)));
  const alike = LOOKS.flatMap(([what, pattern]) => {
    const at = text.search(pattern);
    return at < 0 ? [] : [[what, at] as const];
  });
  return [...given, ...alike].map(([what, at]) => ({ place, line: text.slice(0, at).split('\n').length, what }));
}

/** The text of a file, one sign a byte, so that any bytes can be searched. */
function textOf(path: string, bytes: Buffer): string {
  if (path.endsWith('.gz')) return gunzipSync(bytes).toString('latin1');
  return (path.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes).toString('latin1');
}

/** Finds secrets in every file below a directory, in the files' names too. Links are not followed. */
export async function secretsBelow(directory: string, known: readonly KnownSecret[]): Promise<readonly Finding[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const named = secretsInText(`a name in ${entry.parentPath}`, entry.name, known);
      return entry.isFile() ? [...named, ...secretsInText(path, textOf(path, await readFile(path)), known)] : named;
    }),
  );
  return found.flat();
}
