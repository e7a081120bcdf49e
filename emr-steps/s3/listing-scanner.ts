/**
 * Finds the fields of a ListObjectsV2 answer in its bytes: no tree, no strings. One element after the other is read generically; what stood
 * between the fields of the last `<Contents>` is remembered, and where the next one has the same bytes it is not read again
 * (a million keys: 0.16 s instead of 0.35 s).
 */
import { AnswerMemory } from './answer-memory.ts';
import { LESS, MarkupReader, SLASH, SPACE, type TagKind } from './markup-reader.ts';
import { decodeEntities } from './xml.ts';

/** A field of an entry: its index here, doubled, is where its start stands in `ListingScanner.fields`; its end stands behind. */
export const LISTED_FIELDS = ['Key', 'LastModified', 'ETag', 'Size', 'StorageClass', 'ChecksumAlgorithm', 'ChecksumType', 'RestoreStatus'] as const;

/** Numbers of {@link ListingScanner.fields} that one entry takes: start and end of each field; 0 and 0 for one that is missing. */
export const ENTRY_STRIDE = 2 * LISTED_FIELDS.length;

/** Where each field's start stands among an entry's numbers. */
export const FIELD = { key: 0, lastModified: 2, etag: 4, size: 6, storageClass: 8, checksumAlgorithm: 10, checksumType: 12, restoreStatus: 14 } as const;

const MOST_MEMORIZED = 16;

/** What the scanner found; good until the next scan. */
export interface ScannedListing {
  readonly body: Buffer;
  /** Number of `<Contents>`. */
  readonly count: number;
  /** {@link ENTRY_STRIDE} numbers an entry. */
  readonly fields: Int32Array;
  /** Start and end of the `<Prefix>` of each `<CommonPrefixes>`. */
  readonly commonPrefixes: readonly number[];
  /** Whether keys and prefixes are percent-encoded. */
  readonly isUrlEncoded: boolean;
  readonly isTruncated: boolean;
  /** As it stands in the answer, entities decoded; null without one. */
  readonly nextToken: string | null;
}

/** Markup before a value of the last entry. */
interface MarkupGap {
  /** Where it stands in the body. */
  readonly start: number;
  readonly length: number;
  /** The field whose value follows; -1 behind the last. */
  readonly field: number;
  /** Length of the last such value: the next is often as long. */
  valueLength: number;
}

/** Scans one answer after the other with the same memory. */
export class ListingScanner extends MarkupReader implements ScannedListing {
  /** Where the answers are put that it scans. */
  readonly memory = new AnswerMemory();
  count = 0;
  fields = new Int32Array(1000 * ENTRY_STRIDE);
  commonPrefixes: number[] = [];
  isUrlEncoded = false;
  isTruncated = false;
  nextToken: string | null = null;
  /** The markup of the last entry. */
  readonly #gaps: MarkupGap[] = [];
  /** All of its bytes: so far apart is the same markup of two entries at least. */
  #markupBytes = 0;

  /**
   * @throws ListingSyntaxError unless the answer is a whole ListBucketResult whose entries have a key and a size and whose number they agree with
   */
  scan(bytes: Uint8Array): ScannedListing {
    this.begin(bytes);
    this.#gaps.length = 0;
    this.fields.fill(0, 0, this.count * ENTRY_STRIDE);
    [this.count, this.commonPrefixes, this.isUrlEncoded, this.nextToken] = [0, [], false, null];
    if (this.nextTag() !== 'open' || !this.isNamed('ListBucketResult')) throw this.error('the answer is no ListBucketResult');
    this.#scanResult();
    while (this.at < this.body.length) if ((this.body[this.at++] as number) > SPACE) throw this.error('something follows the ListBucketResult');
    return this;
  }

  #scanResult(): void {
    let [truncated, keyCount] = ['', ''];
    for (let kind = this.nextTag(); kind !== 'close'; kind = this.nextTag()) {
      if (this.isNamed('Contents')) this.#scanEntries(kind);
      else if (kind === 'empty') continue;
      else if (this.isNamed('IsTruncated')) truncated = this.text();
      else if (this.isNamed('KeyCount')) keyCount = this.text();
      else if (this.isNamed('EncodingType')) this.isUrlEncoded = this.text() === 'url';
      else if (this.isNamed('NextContinuationToken')) this.nextToken = decodeEntities(this.text());
      else if (this.isNamed('CommonPrefixes')) this.#scanCommonPrefixes();
      else this.skip();
    }
    if (!this.isNamed('ListBucketResult')) throw this.error('the ListBucketResult is not closed');
    if (truncated !== 'true' && truncated !== 'false') throw this.error(`IsTruncated is ${JSON.stringify(truncated)}, not true or false`);
    this.isTruncated = truncated === 'true';
    this.#checkCount(keyCount);
  }

  /** A server that counts keys alone, without common prefixes, is right too. */
  #checkCount(keyCount: string): void {
    const said = Number(keyCount);
    const both = this.count + this.commonPrefixes.length / 2;
    if (keyCount !== '' && said !== this.count && said !== both) throw this.error(`KeyCount is ${JSON.stringify(keyCount)} and ${both} came`);
  }

  /** Reads the entry whose tag was just read, and all that follow it. */
  #scanEntries(kind: TagKind): void {
    if (kind !== 'open') throw this.error('an empty Contents');
    this.#scanEntry();
    while (this.#scanAlike());
  }

  /** Reads an entry element by element and remembers the markup between its fields. */
  #scanEntry(): void {
    const base = this.#newEntry();
    const { fields } = this;
    const gaps = this.#gaps;
    gaps.length = 0;
    let markupStart = this.nameStart - 1;
    for (let kind = this.nextTag(); kind !== 'close'; kind = this.nextTag()) {
      const field = this.#fieldOfTag();
      if (field < 0 || kind === 'empty') {
        if (kind === 'open') this.skip();
        continue;
      }
      const start = this.at;
      const end = field === FIELD.restoreStatus ? this.skip() : this.valueEnd();
      const isRepeated = fields[base + field] !== 0;
      if (isRepeated && field !== FIELD.checksumAlgorithm) throw this.error('an element of Contents stands there twice');
      if (!isRepeated) fields[base + field] = start;
      fields[base + field + 1] = end;
      gaps.push({ start: markupStart, length: start - markupStart, field, valueLength: end - start });
      markupStart = end;
    }
    if (!this.isNamed('Contents')) throw this.error('Contents is not closed');
    gaps.push({ start: markupStart, length: this.at - markupStart, field: -1, valueLength: 0 });
    this.#checkEntry(base);
    this.#markupBytes = gaps.reduce((sum, { length }) => sum + length, 0);
    if (!this.#isMemorable()) gaps.length = 0;
  }

  /** An entry that nests, repeats or has far too many elements is read generically every time. */
  #isMemorable(): boolean {
    const gaps = this.#gaps;
    return (
      gaps.length <= MOST_MEMORIZED && gaps.every(({ field }, at) => field !== FIELD.restoreStatus && gaps.findIndex((other) => other.field === field) === at)
    );
  }

  /**
   * Reads the next entry where it has the same markup as the last one; false, with nothing read, where it has not. A value is first taken to be
   * as long as the last one was: whoever uses it refuses a `<` in it, which only markup of another kind could bring.
   */
  #scanAlike(): boolean {
    const gaps = this.#gaps;
    if (gaps.length === 0) return false;
    const base = this.#newEntry();
    const { body, fields } = this;
    let { at } = this;
    for (let index = 0; index < gaps.length; index += 1) {
      const gap = gaps[index] as MarkupGap;
      if (!this.isSame(gap.start, at, gap.length)) return this.#forgetEntry(base);
      at += gap.length;
      if (gap.field < 0) break;
      fields[base + gap.field] = at;
      const expected = at + gap.valueLength;
      // A longer value may have ended before, and the same markup of a later entry stand where it is expected.
      const isExpected = gap.valueLength < this.#markupBytes && body[expected] === LESS && body[expected + 1] === SLASH;
      const end = isExpected ? expected : this.endOfText(at);
      gap.valueLength = end - at;
      at = end;
      fields[base + gap.field + 1] = at;
    }
    this.at = at;
    this.#checkEntry(base);
    return true;
  }

  #forgetEntry(base: number): false {
    this.fields.fill(0, base, base + ENTRY_STRIDE);
    this.count -= 1;
    return false;
  }

  #newEntry(): number {
    const base = this.count * ENTRY_STRIDE;
    if (base + ENTRY_STRIDE > this.fields.length) {
      const larger = new Int32Array(this.fields.length * 2);
      larger.set(this.fields);
      this.fields = larger;
    }
    this.count += 1;
    return base;
  }

  #checkEntry(base: number): void {
    const { fields } = this;
    if (fields[base + FIELD.key] === 0 || fields[base + FIELD.key] === fields[base + FIELD.key + 1]) throw this.error('Contents without a Key');
    if (fields[base + FIELD.size] === 0) throw this.error('Contents without a Size');
  }

  #scanCommonPrefixes(): void {
    for (let kind = this.nextTag(); kind !== 'close'; kind = this.nextTag()) {
      if (kind === 'empty') continue;
      if (!this.isNamed('Prefix')) {
        this.skip();
        continue;
      }
      const start = this.at;
      this.commonPrefixes.push(start, this.valueEnd());
    }
  }

  /** Index of the field that the tag just read is named like; -1 for another. */
  #fieldOfTag(): number {
    const index = LISTED_FIELDS.findIndex((name) => this.isNamed(name));
    return index < 0 ? -1 : index * 2;
  }
}
