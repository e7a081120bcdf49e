/**
 * Buckets in a directory, which survive the process:
 *
 *     format          the number of this layout
 *     lock            the process that serves it
 *     buckets/<name>/settings.json
 *     buckets/<name>/journal
 *     bodies/<xx>/<id>
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicy } from '../access/policy.ts';
import { type Bucket, type BucketSettings, type BucketShelf, bucketSettings } from '../buckets.ts';
import { BodyFiles } from './body-files.ts';
import { lockDirectory } from './directory-lock.ts';
import { DirectoryObjects } from './directory-objects.ts';
import { makeFolder } from './make-folder.ts';
import { StoreDirectoryError } from './store-directory-error.ts';

const FORMAT = '1';

type WrittenSettings = Omit<BucketSettings, 'policy'> & { readonly policy: string | null };

function writeSettings(path: string, settings: BucketSettings): void {
  const row: WrittenSettings = { ...settings, policy: settings.policy?.text ?? null };
  writeFileSync(`${path}.next`, `${JSON.stringify(row, null, 2)}\n`);
  renameSync(`${path}.next`, path);
}

function readSettings(path: string): BucketSettings {
  const row = JSON.parse(readFileSync(path, 'utf8')) as WrittenSettings;
  return bucketSettings({ ...row, policy: row.policy === null ? null : parsePolicy(row.name, row.policy) });
}

/** A directory is a store's when it is empty or says so. */
function checkFormat(directory: string): void {
  makeFolder(directory);
  const path = join(directory, 'format');
  if (!existsSync(path)) {
    if (readdirSync(directory).length > 0) throw new StoreDirectoryError(`${directory} holds something that is no store; give an empty or a new directory`);
    writeFileSync(path, `${FORMAT}\n`);
  }
  const format = readFileSync(path, 'utf8').trim();
  if (format !== FORMAT) throw new StoreDirectoryError(`${directory} has format ${JSON.stringify(format)}; this store reads format ${FORMAT}`);
}

class DirectoryShelf implements BucketShelf {
  readonly #buckets: string;
  readonly #files: BodyFiles;
  readonly #unlock: () => void;
  readonly #open = new Map<string, DirectoryObjects>();

  constructor(directory: string) {
    checkFormat(directory);
    this.#unlock = lockDirectory(directory);
    this.#buckets = join(directory, 'buckets');
    mkdirSync(this.#buckets, { recursive: true });
    this.#files = new BodyFiles(join(directory, 'bodies'));
  }

  open(): readonly Bucket[] {
    try {
      const names = readdirSync(this.#buckets).filter((name) => existsSync(this.#settingsPath(name)));
      const buckets = names.map((name) => ({ settings: readSettings(this.#settingsPath(name)), objects: this.#objects(name) }));
      this.#files.deleteStrays();
      return buckets;
    } catch (error) {
      this.#letGo();
      throw error;
    }
  }

  create(settings: BucketSettings): Bucket {
    mkdirSync(join(this.#buckets, settings.name), { recursive: true });
    const objects = this.#objects(settings.name);
    writeSettings(this.#settingsPath(settings.name), settings);
    return { settings, objects };
  }

  save({ settings }: Bucket): void {
    if (this.#open.has(settings.name)) writeSettings(this.#settingsPath(settings.name), settings);
  }

  drop({ settings: { name } }: Bucket): void {
    const objects = this.#open.get(name);
    if (objects === undefined) return;
    objects.endUploads();
    objects.close();
    this.#open.delete(name);
    rmSync(join(this.#buckets, name), { recursive: true });
  }

  async close(): Promise<void> {
    this.#letGo();
  }

  #letGo(): void {
    for (const objects of this.#open.values()) objects.close();
    this.#open.clear();
    this.#files.close();
    this.#unlock();
  }

  #settingsPath(name: string): string {
    return join(this.#buckets, name, 'settings.json');
  }

  #objects(name: string): DirectoryObjects {
    const objects = new DirectoryObjects(this.#files, join(this.#buckets, name, 'journal'));
    this.#open.set(name, objects);
    return objects;
  }
}

/**
 * Opens a directory as a store's shelf, made when it is not there.
 *
 * @throws StoreDirectoryError where it is in use, holds something else, or has another format
 */
export function directoryShelf(directory: string): BucketShelf {
  return new DirectoryShelf(directory);
}
