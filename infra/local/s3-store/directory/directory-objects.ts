/** A bucket's objects in a directory: the index in memory, every change in the journal, the bodies in files. */
import type { DeleteMarker, NewUpload, ObjectTarget, ObjectVersion, StoredObject, Upload, UploadedPart, UploadTable } from '../bucket.ts';
import type { BodySink, Content } from '../content.ts';
import { IndexedObjects } from '../indexed-objects.ts';
import type { KeyBytes } from '../key-bytes.ts';
import { UploadIndex } from '../upload-index.ts';
import type { BodyFiles } from './body-files.ts';
import { type Change, changeOf, read, written } from './change.ts';
import { Journal } from './journal.ts';

/** A journal this much longer than what is left of it is written anew. */
const SPARE_ROWS = 10_000;

/** Objects that survive the process. */
export class DirectoryObjects extends IndexedObjects implements ObjectTarget {
  readonly uploads: UploadTable;
  readonly #files: BodyFiles;
  readonly #journal: Journal;
  readonly #uploads = new UploadIndex();

  /** Opens a bucket by its journal, new or not. */
  constructor(files: BodyFiles, journalPath: string) {
    super();
    this.#files = files;
    this.#journal = new Journal(journalPath);
    for (const row of this.#journal.rows) this.#apply(row as Change);
    const left = [...this.#changes()];
    if (this.#journal.rows.length > 2 * left.length + SPARE_ROWS) this.#journal.rewrite(left);
    this.uploads = this.#uploadTable();
  }

  openBody(): BodySink {
    return this.#files.openBody();
  }

  adopt(content: Content): Promise<Content> {
    return this.#files.adopt(content);
  }

  put(object: StoredObject): void {
    this.#journal.append(changeOf(object));
    this.#put(object);
  }

  putMarker(marker: DeleteMarker): void {
    this.#journal.append(changeOf(marker));
    this.#put(marker);
  }

  replace(object: StoredObject): void {
    this.#journal.append({ change: 'replace', object: written(object) } satisfies Change);
    this.versions.replace(object);
  }

  remove(key: KeyBytes, versionId: string): boolean {
    if (this.versions.find(key, versionId) === null) return false;
    this.#journal.append({ change: 'remove', key, versionId } satisfies Change);
    this.#release(this.versions.remove(key, versionId));
    return true;
  }

  /** Lets go of the journal. */
  close(): void {
    this.#journal.close();
  }

  /** Ends all open uploads, so that their files go too when the bucket is deleted. */
  endUploads(): void {
    for (const upload of [...this.#uploads.scan('')]) this.#end(upload);
  }

  #uploadTable(): UploadTable {
    const index = this.#uploads;
    return {
      begin: (upload) => this.#begin(upload),
      find: (key, uploadId) => index.find(key, uploadId),
      putPart: (upload, part) => {
        this.#journal.append({ change: 'part', key: upload.key, uploadId: upload.uploadId, part: written(part) } satisfies Change);
        this.#putPart(upload, part);
      },
      part: (upload, partNumber, etag) => index.part(upload, partNumber, etag),
      parts: (upload) => index.parts(upload),
      end: (upload) => {
        this.#journal.append({ change: 'end', key: upload.key, uploadId: upload.uploadId } satisfies Change);
        this.#end(upload);
      },
      scan: (from) => index.scan(from),
    };
  }

  #begin(upload: NewUpload): Upload {
    const begun = this.#uploads.begin(upload);
    this.#journal.append({ change: 'begin', upload: begun } satisfies Change);
    return begun;
  }

  #put(version: ObjectVersion): void {
    if (version.kind === 'object') this.#files.retain(version.content);
    this.#release(this.versions.put(version));
  }

  #putPart(upload: Upload, part: UploadedPart): void {
    this.#files.retain(part.content);
    const replaced = this.#uploads.putPart(upload, part);
    if (replaced !== null) this.#files.release(replaced.content);
  }

  #end(upload: Upload): void {
    for (const part of this.#uploads.parts(upload)) this.#files.release(part.content);
    this.#uploads.end(upload);
  }

  #release(version: ObjectVersion | null): void {
    if (version?.kind === 'object') this.#files.release(version.content);
  }

  /** Takes up one row of the journal. */
  #apply(row: Change): void {
    if (row.change === 'put') this.#put(read<StoredObject>(row.object, this.#files));
    else if (row.change === 'marker') this.#put(row.marker);
    else if (row.change === 'replace') this.#replaceFrom(row.object);
    else if (row.change === 'remove') this.#release(this.versions.remove(row.key, row.versionId));
    else if (row.change === 'begin') this.#uploads.restore(row.upload);
    else this.#applyToUpload(row);
  }

  #applyToUpload(row: Extract<Change, { readonly uploadId: string }>): void {
    const upload = this.#uploads.find(row.key, row.uploadId);
    if (upload === null) return;
    if (row.change === 'end') this.#end(upload);
    else this.#putPart(upload, read<UploadedPart>(row.part, this.#files));
  }

  /** A changed record keeps the content that the index has, which is counted already. */
  #replaceFrom(object: Extract<Change, { readonly change: 'replace' }>['object']): void {
    const present = this.versions.find(object.key, object.versionId);
    if (present?.kind === 'object') this.versions.replace({ ...object, content: present.content });
  }

  /** The shortest journal that leads to the present state: of each key the oldest version first. */
  *#changes(): Generator<Change, void, undefined> {
    let versions: ObjectVersion[] = [];
    for (const version of this.versions.scanVersions('')) {
      if (versions[0]?.key !== version.key) {
        yield* versions.reverse().map(changeOf);
        versions = [];
      }
      versions.push(version);
    }
    yield* versions.reverse().map(changeOf);
    for (const upload of this.#uploads.scan('')) {
      yield { change: 'begin', upload };
      for (const part of this.#uploads.parts(upload)) yield { change: 'part', key: upload.key, uploadId: upload.uploadId, part: written(part) };
    }
  }
}
