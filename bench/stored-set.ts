/** Objects that are really stored, for what no virtual bucket shows: part boundaries, and keys of every kind. */
import { createHash } from 'node:crypto';
import { completeMultipartUpload } from '../emr-steps/s3/complete-multipart-upload.ts';
import { createMultipartUpload } from '../emr-steps/s3/create-multipart-upload.ts';
import { putObject } from '../emr-steps/s3/put-object.ts';
import type { S3Client } from '../emr-steps/s3/s3-client.ts';
import { uploadPart } from '../emr-steps/s3/upload-part.ts';

/** What the bucket `source` holds; `destination` is empty. */
export type StoredSet = 'empty' | 'multipart' | 'hostile';

/** Objects of the set `multipart`. */
export const MULTIPART_OBJECTS = 200;
/** Objects of the set `hostile`. */
export const HOSTILE_KEYS = 2_000;

const MIB = 1_048_576;
/** Part sizes of uploaders that are about, in MiB before a last part of some bytes: 5 and 8 of SDKs and the AWS command, 6 and 16 of others, uneven, and one part alone. */
const UPLOADS = [[5], [8], [6, 6], [16], [8, 8], [5, 7], []] as const;
const CONCURRENCY = 8;

/**
 * Pieces of which hostile keys are made: what S3 takes and some program somewhere does not. Characters that XML cannot hold are none of them: one
 * such key in a bucket ends the listing of whoever does not ask for encoded keys, and nothing more would be told apart.
 */
const PIECES = [
  ...[
    'a',
    'b c',
    ' ',
    '  ',
    '+',
    '%',
    '%2F',
    '%25',
    '&amp;',
    '<a>',
    '"',
    "'",
    '\\',
    '\\N',
    '#',
    '?x=y',
    '*',
    '[a]',
    '{b,c}',
    '$(d)',
    '`e`',
    '~',
    '~~~',
    '|',
    ';',
  ],
  ...['\t', '\n', '\r', '\r\n', '\u007f', '\u0085', '\u2028', '\ufeff', 'é', 'e\u0301', 'ß', '写真', '😀', '👩🏽‍🚀', '\u{10ffff}', '\uff5e', 'עברית'],
  ...['/', '//', '/./', '/../', '.', '..', '...', '.hidden', '-dash', '--option', ',', '=', ':', '@', 'CON', 'x'.repeat(300)],
] as const;
const MOST_BYTES = 1_024;

/** The key at this place: up to five pieces, drawn by a hash, and a number that makes it the only one; the number comes first, last or in between. */
export function hostileKey(at: number): string {
  const draw = createHash('sha256').update(`hostile ${at}`).digest();
  const pieces = Array.from({ length: 1 + ((draw[0] as number) % 5) }, (_, piece) => PIECES[draw.readUInt16BE(2 + piece * 2) % PIECES.length] as string);
  pieces.splice((draw[1] as number) % (pieces.length + 1), 0, String(at));
  const key = pieces.join('');
  return Buffer.byteLength(key) <= MOST_BYTES ? key : `${at}${pieces[0] === 'x'.repeat(300) ? 'long' : pieces[0]}`;
}

async function storeInParts(client: S3Client, at: number, parts: readonly Uint8Array[]): Promise<void> {
  const key = `parts/object-${String(at).padStart(4, '0')}`;
  const { uploadId } = await createMultipartUpload(client, { key, storageClass: 'STANDARD', kept: {}, tags: [] });
  const done: { partNumber: number; etag: string; checksum: null }[] = [];
  for (const [index, body] of parts.entries()) {
    const { etag } = await uploadPart(client, { key, uploadId, partNumber: index + 1, body });
    done.push({ partNumber: index + 1, etag, checksum: null });
  }
  await completeMultipartUpload(client, { key, uploadId, parts: done });
}

/** Pieces of one block, so that no memory is filled twice. */
function partsOf(at: number, block: Uint8Array): readonly Uint8Array[] {
  const sizes = UPLOADS[at % UPLOADS.length] as readonly number[];
  return [...sizes.map((mebibytes, part) => block.subarray(at + part, at + part + mebibytes * MIB)), block.subarray(at, at + 1000 + at)];
}

/** Fills the client's bucket. */
export async function fillStored(client: S3Client, set: StoredSet): Promise<void> {
  const block = Buffer.alloc(17 * MIB);
  for (let at = 0; at < block.length; at += 4) block.writeInt32LE(Math.imul(at, 0x9e3779b1), at);
  const count = { empty: 0, multipart: MULTIPART_OBJECTS, hostile: HOSTILE_KEYS }[set];
  const places = Array.from({ length: count }, (_, at) => at).values();
  const worker = async () => {
    for (const at of places) {
      if (set === 'multipart') await storeInParts(client, at, partsOf(at, block));
      else await putObject(client, { key: hostileKey(at), body: Buffer.from(`hostile ${at}`), storageClass: 'STANDARD' });
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}
