/** A bucket's objects in memory. */
import type { DeleteMarker, ObjectTarget, ObjectVersion, StoredObject } from './bucket.ts';
import type { BodySink, Content } from './content.ts';
import type { KeyBytes } from './key-bytes.ts';
import { memorySink } from './memory-content.ts';
import { UploadIndex } from './upload-index.ts';
import { VersionIndex } from './version-index.ts';

/** Objects that are gone with the process. Contents of other buckets are shared, never copied. */
export class MemoryObjects implements ObjectTarget {
  readonly uploads = new UploadIndex();
  readonly #versions = new VersionIndex();

  scan(from: KeyBytes): Iterable<StoredObject> {
    return this.#versions.scan(from);
  }

  scanVersions(from: KeyBytes): Iterable<ObjectVersion> {
    return this.#versions.scanVersions(from);
  }

  find(key: KeyBytes, versionId: string | null): ObjectVersion | null {
    return this.#versions.find(key, versionId);
  }

  openBody(): BodySink {
    return memorySink();
  }

  async adopt(content: Content): Promise<Content> {
    return content;
  }

  put(object: StoredObject): void {
    this.#versions.put(object);
  }

  putMarker(marker: DeleteMarker): void {
    this.#versions.put(marker);
  }

  replace(object: StoredObject): void {
    this.#versions.replace(object);
  }

  remove(key: KeyBytes, versionId: string): boolean {
    return this.#versions.remove(key, versionId) !== null;
  }

  isEmpty(): boolean {
    return this.#versions.isEmpty();
  }
}
