/** One change of a bucket, as the journal keeps it. */
import type { DeleteMarker, ObjectVersion, StoredObject, Upload, UploadedPart } from '../bucket.ts';
import type { Content } from '../content.ts';
import { joinContents } from '../joined-content.ts';
import type { KeyBytes } from '../key-bytes.ts';
import { MemoryContent } from '../memory-content.ts';
import type { BodyFiles } from './body-files.ts';
import { type Segment, segmentsOf } from './file-content.ts';

/** Something with a content, written down as the segments of its files. */
type Written<T extends { readonly content: Content }> = Omit<T, 'content'> & { readonly content: readonly Segment[] };

/** What happened. Numbers of parts and keys are as in the records; a content stands by its segments. */
export type Change =
  | { readonly change: 'put'; readonly object: Written<StoredObject> }
  | { readonly change: 'replace'; readonly object: Written<StoredObject> }
  | { readonly change: 'marker'; readonly marker: DeleteMarker }
  | { readonly change: 'remove'; readonly key: KeyBytes; readonly versionId: string }
  | { readonly change: 'begin'; readonly upload: Upload }
  | { readonly change: 'part'; readonly key: KeyBytes; readonly uploadId: string; readonly part: Written<UploadedPart> }
  | { readonly change: 'end'; readonly key: KeyBytes; readonly uploadId: string };

/** A record with its content written down; only contents that lie in body files can be. */
export function written<T extends { readonly content: Content }>(record: T): Written<T> {
  const segments = segmentsOf(record.content);
  if (segments === null) throw new Error('a content that lies in no file cannot be written down: it must be adopted first');
  return { ...record, content: segments.map(({ id, start, end, knownMd5 }) => ({ id, start, end, md5: knownMd5 })) };
}

/** The inverse: the record with its content in the files. */
export function read<T extends { readonly content: Content }>(record: Written<T>, files: BodyFiles): T {
  const { content } = record;
  const restored = content.length === 0 ? new MemoryContent(new Uint8Array()) : joinContents(content.map((segment) => files.contentOf(segment)));
  return { ...record, content: restored } as unknown as T;
}

/** The change that would put this version back. */
export function changeOf(version: ObjectVersion): Change {
  return version.kind === 'object' ? { change: 'put', object: written(version) } : { change: 'marker', marker: version };
}
