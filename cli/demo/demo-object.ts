/** An object of the demo's data set, as data: what is to be stored, and its bytes, which are the same on every machine. */
import { createCipheriv, hash } from 'node:crypto';

/** One object to store. */
export interface DemoObject {
  readonly key: string;
  /** Bytes of each part of a multipart upload; null for an object that comes in one request. */
  readonly parts: readonly number[] | null;
  /** Bytes. */
  readonly size: number;
  /** Changes the bytes of an object that is written again. 0 first. */
  readonly edition: number;
  /** Null for STANDARD. */
  readonly storageClass: string | null;
  /** System headers and user metadata, values as bytes (one character each). */
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  /** Of an archived object: whether a restored copy can be read. Of INTELLIGENT_TIERING: the tier that it sank to. */
  readonly archive: 'restored' | 'ARCHIVE_ACCESS' | null;
}

/** What an object may have beyond key and size. */
export type DemoTraits = Partial<Omit<DemoObject, 'key' | 'size' | 'parts'>>;

const PLAIN = { edition: 0, storageClass: null, headers: {}, tags: [], archive: null } as const;

/** Stored by PutObject. */
export function single(key: string, size: number, traits: DemoTraits = {}): DemoObject {
  return { ...PLAIN, ...traits, key, size, parts: null };
}

/** Stored by multipart upload in parts of these sizes. */
export function multipart(key: string, parts: readonly number[], traits: DemoTraits = {}): DemoObject {
  return { ...PLAIN, ...traits, key, size: parts.reduce((sum, part) => sum + part, 0), parts };
}

/** Sizes of the parts of an object that is cut into equal ones. */
export function equalParts(size: number, partSize: number): readonly number[] {
  return Array.from({ length: Math.ceil(size / partSize) }, (_, part) => Math.min(partSize, size - part * partSize));
}

/** The bytes of an object: the key stream of a cipher under a key made from name and edition. */
export function demoBytes({ key, edition, size }: DemoObject): Buffer {
  const secret = hash('md5', `${edition} ${key}`, 'buffer');
  return createCipheriv('aes-128-ctr', secret, Buffer.alloc(16)).update(Buffer.alloc(size));
}
