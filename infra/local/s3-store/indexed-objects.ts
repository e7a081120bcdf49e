/** What both kinds of bucket find in memory: the versions of their keys. */
import type { ObjectSource, ObjectVersion, StoredObject } from './bucket.ts';
import type { KeyBytes } from './key-bytes.ts';
import { VersionIndex } from './version-index.ts';

/** Objects that are looked up in an index, wherever their bodies lie. */
export abstract class IndexedObjects implements ObjectSource {
  /** Whoever changes it does what else the change takes. */
  protected readonly versions = new VersionIndex();

  scan(from: KeyBytes): Iterable<StoredObject> {
    return this.versions.scan(from);
  }

  scanVersions(from: KeyBytes): Iterable<ObjectVersion> {
    return this.versions.scanVersions(from);
  }

  find(key: KeyBytes, versionId: string | null): ObjectVersion | null {
    return this.versions.find(key, versionId);
  }

  isEmpty(): boolean {
    return this.versions.isEmpty();
  }
}
