/** Objects of S3, and files of this machine, that a request names. */
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { getObject } from '../../emr-steps/s3/get-object.ts';
import { listedText, listObjectsV2 } from '../../emr-steps/s3/list-objects-v2.ts';
import { ENTRY_STRIDE, FIELD, ListingScanner, type ScannedListing } from '../../emr-steps/s3/listing-scanner.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';

/** A file or an object. */
export interface PlacedFile {
  /** `s3://bucket/key`, or a path. */
  readonly location: string;
  /** Bytes. */
  readonly size: number;
}

/** Reads what a request names. */
export interface PointSource {
  /** The whole of a small file. @param most - bytes that it may have; default: any number @throws FileTooLargeError before it is read */
  readonly read: (location: string, most?: number) => Promise<Uint8Array>;
  /** The file there, or the files below. */
  readonly files: (location: string) => Promise<readonly PlacedFile[]>;
  /** Bytes from `from` up to, not including, `to`. */
  readonly readRange: (location: string, from: number, to: number) => Promise<Uint8Array>;
}

/** Thrown where a file has more bytes than may be read. Final. */
export class FileTooLargeError extends Error {
  override readonly name = 'FileTooLargeError';
  readonly code = 'FILE_TOO_LARGE';
  readonly retryable = false;
}

/** @param clientOf - a client of a bucket, with the run's own credentials */
export function readPlaces(clientOf: (bucket: string) => Promise<S3Client>): PointSource {
  const clients = new Map<string, Promise<S3Client>>();
  const client = (bucket: string): Promise<S3Client> => {
    const made = clients.get(bucket) ?? clientOf(bucket);
    clients.set(bucket, made);
    return made;
  };
  return {
    read: async (location, most = Number.POSITIVE_INFINITY) => {
      const place = objectOf(location);
      if (place === null) {
        checkSize(location, (await stat(location)).size, most);
        return await readFile(location);
      }
      const object = await getObject(await client(place.bucket), { key: place.key });
      if (object.head.size > most) await object.discard();
      checkSize(location, object.head.size, most);
      return await bytesOf(object);
    },
    files: async (location) => {
      const place = objectOf(location);
      return place === null ? await filesBelow(location) : await objectsBelow(await client(place.bucket), place.key);
    },
    readRange: async (location, from, to) => {
      const place = objectOf(location);
      if (place === null) return await fileRange(location, from, to);
      return await bytesOf(await getObject(await client(place.bucket), { key: place.key, range: { firstByte: from, lastByte: to - 1 } }));
    },
  };
}

function checkSize(location: string, size: number, most: number): void {
  if (size > most) throw new FileTooLargeError(`${location} has ${size} bytes; at most ${most} can be read`);
}

function objectOf(location: string): { readonly bucket: string; readonly key: string } | null {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(location) ?? [];
  return bucket === undefined || key === undefined ? null : { bucket, key };
}

async function bytesOf({ body }: { readonly body: AsyncIterable<Uint8Array> }): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The object itself, or those in the folder. */
async function objectsBelow(client: S3Client, key: string): Promise<readonly PlacedFile[]> {
  const scanner = new ListingScanner();
  const found: PlacedFile[] = [];
  for (let startAfter: string | null = null, isMore = true; isMore; startAfter = found.at(-1)?.location.slice(`s3://${client.bucket}/`.length) ?? null) {
    const input = { prefix: key, delimiter: '', startAfter, continuationToken: null, maxKeys: 1000, restoreStatus: false };
    const page = await listObjectsV2(client, input, scanner, (listing) => ({ files: filesOf(client.bucket, listing), isMore: listing.isTruncated }));
    found.push(...page.files);
    isMore = page.isMore && page.files.length > 0;
  }
  const folder = `s3://${client.bucket}/${key.replace(/\/*$/, '/')}`;
  return found.filter(({ location }) => location === `s3://${client.bucket}/${key}` || location.startsWith(folder));
}

function filesOf(bucket: string, page: ScannedListing): readonly PlacedFile[] {
  const field = (entry: number, at: number): string =>
    listedText(page, page.fields[entry * ENTRY_STRIDE + at] as number, page.fields[entry * ENTRY_STRIDE + at + 1] as number);
  return Array.from({ length: page.count }, (_, entry) => ({ location: `s3://${bucket}/${field(entry, FIELD.key)}`, size: Number(field(entry, FIELD.size)) }));
}

async function filesBelow(path: string): Promise<readonly PlacedFile[]> {
  const one = await stat(path);
  if (!one.isDirectory()) return [{ location: path, size: one.size }];
  const names = await readdir(path);
  const files = await Promise.all(names.map(async (name) => ({ location: join(path, name), size: (await stat(join(path, name))).size })));
  return files.toSorted((a, b) => (a.location < b.location ? -1 : 1));
}

async function fileRange(path: string, from: number, to: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(to - from);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
