/** A bucket's objects in memory. */
import type { DeleteMarker, ObjectTarget, StoredObject } from './bucket.ts';
import type { BodySink, Content } from './content.ts';
import { IndexedObjects } from './indexed-objects.ts';
import type { KeyBytes } from './key-bytes.ts';
import { memorySink } from './memory-content.ts';
import { UploadIndex } from './upload-index.ts';

/** Objects that are gone with the process. Contents of other buckets are shared, never copied. */
export class MemoryObjects extends IndexedObjects implements ObjectTarget {
  readonly uploads = new UploadIndex();

  openBody(): BodySink {
    return memorySink();
  }

  async adopt(content: Content): Promise<Content> {
    return content;
  }

  put(object: StoredObject): void {
    this.versions.put(object);
  }

  putMarker(marker: DeleteMarker): void {
    this.versions.put(marker);
  }

  replace(object: StoredObject): void {
    this.versions.replace(object);
  }

  remove(key: KeyBytes, versionId: string): boolean {
    return this.versions.remove(key, versionId) !== null;
  }
}
