/** All versions of all keys of one bucket, in memory: the index behind the memory bucket and the directory bucket. */
import type { ObjectVersion, StoredObject } from './bucket.ts';
import type { KeyBytes } from './key-bytes.ts';
import { SortedIndex } from './sorted-index.ts';

/** Versions of each key, the current one first. */
export class VersionIndex {
  readonly #keys = new SortedIndex<readonly ObjectVersion[]>();

  /** Whether no version of any key is left. */
  isEmpty(): boolean {
    return this.#keys.size === 0;
  }

  *scan(from: KeyBytes): Generator<StoredObject, void, undefined> {
    for (const [current] of this.#keys.from(from)) if (current?.kind === 'object') yield current;
  }

  *scanVersions(from: KeyBytes): Generator<ObjectVersion, void, undefined> {
    for (const versions of this.#keys.from(from)) yield* versions;
  }

  find(key: KeyBytes, versionId: string | null): ObjectVersion | null {
    const versions = this.#keys.get(key);
    if (versions === undefined) return null;
    return (versionId === null ? versions[0] : versions.find((version) => version.versionId === versionId)) ?? null;
  }

  /** Puts a version in the current place; answers the version of the same id that it replaced. */
  put(version: ObjectVersion): ObjectVersion | null {
    const versions = this.#keys.get(version.key) ?? [];
    const replaced = versions.find((older) => older.versionId === version.versionId) ?? null;
    this.#keys.set(version.key, [version, ...versions.filter((older) => older !== replaced)]);
    return replaced;
  }

  /** Puts a changed record (tags, a restore) in the place of the version with the same id, which it answers; null when there is none. */
  replace(version: ObjectVersion): ObjectVersion | null {
    const versions = this.#keys.get(version.key) ?? [];
    const at = versions.findIndex((older) => older.versionId === version.versionId);
    if (at < 0) return null;
    this.#keys.set(version.key, versions.with(at, version));
    return versions[at] as ObjectVersion;
  }

  /** Forgets one version and answers it; null when there was none. */
  remove(key: KeyBytes, versionId: string): ObjectVersion | null {
    const versions = this.#keys.get(key) ?? [];
    const removed = versions.find((version) => version.versionId === versionId) ?? null;
    if (removed === null) return null;
    if (versions.length === 1) this.#keys.delete(key);
    else
      this.#keys.set(
        key,
        versions.filter((version) => version !== removed),
      );
    return removed;
  }
}
