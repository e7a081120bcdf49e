/**
 * A page's entries become lines of `ObjectRecord`, from the answer's bytes to the line's bytes in one pass (a million rows: some 0.2 s).
 * Where a row has what this way does not know (an entity in a key, several checksum algorithms, a restore), it is written the plain way. A
 * property test compares every row with the plain way.
 */
import { objectRecord } from '../records/object-record.ts';
import { ENTRY_STRIDE, FIELD, type ScannedListing } from '../s3/listing-scanner.ts';
import { IS_SPECIAL_IN_TOKEN, IS_SPECIAL_IN_URL, IS_SPECIAL_IN_XML } from './byte-classes.ts';
import { listedPrefixLength, MOST_BYTES_A_BYTE, NOT_THIS_WAY, writeKeyColumn } from './key-column.ts';
import type { LineBlocks } from './line-blocks.ts';
import { listedObject } from './listed-object.ts';
import { commonBytes, isInOrder } from './listed-order.ts';

const TAB = 9;
const SPACE = 0x20;
const QUOTE = 0x22;
const AMPERSAND = 0x26;
const ZERO = 0x30;
const LETTER_T = 0x54;
/** `YYYY-MM-DDTHH:MM:SS.mmmZ`, as S3 writes it. */
const TIME_LENGTH = 24;
const TIME_LENGTH_KEPT = 19;
const QUOTE_ENTITY = Buffer.from('&quot;', 'latin1');
/** Digits that stand for a safe integer whatever they are. */
const MOST_DIGITS = 15;
const NULL_COLUMN = [0x5c, 0x4e];
/** Tabs, nulls and the time of one line. */
const BYTES_BESIDE_FIELDS = 64;

/** Says which two rows of a page are in the wrong order. */
export type OrderFault = (page: ScannedListing, entry: number) => Error;

/** Writes pages. One writer a task: it is not used by two pages at once. */
export class RowWriter {
  /** Rows of the last page behind which keys part earliest, the earliest first: where one folder ends and the next begins. */
  readonly partings: number[] = [];
  readonly #blocks: LineBlocks;
  readonly #prefix: Uint8Array;
  readonly #prefixText: string;
  readonly #fault: OrderFault;
  #page: ScannedListing;
  #isSpecial = IS_SPECIAL_IN_URL;
  #words: DataView = new DataView(new ArrayBuffer(0));
  /** Bytes of its answer that the prefix takes at the last row. */
  #prefixLength = 0;
  /** Whether the last row's key went into its column as it was. */
  #isPlain = false;
  readonly #partingLengths: number[] = [];

  /** @param prefix - the side's prefix, which columns leave out */
  constructor(blocks: LineBlocks, prefix: string, fault: OrderFault) {
    this.#blocks = blocks;
    this.#prefix = Buffer.from(prefix, 'utf8');
    this.#prefixText = prefix;
    this.#fault = fault;
    this.#page = { body: Buffer.alloc(0), count: 0, fields: new Int32Array(0), commonPrefixes: [], isUrlEncoded: false, isTruncated: false, nextToken: null };
  }

  /**
   * Writes the first `count` rows of a page.
   *
   * @throws the fault, where a row does not stand behind the one before; ListingSyntaxError where a field is none
   */
  write(page: ScannedListing, count: number): void {
    const { body } = page;
    this.#page = page;
    this.#words = new DataView(body.buffer, body.byteOffset, body.byteLength);
    this.#isSpecial = page.isUrlEncoded ? IS_SPECIAL_IN_URL : IS_SPECIAL_IN_XML;
    this.#isPlain = false;
    this.partings.length = 0;
    this.#partingLengths.length = 0;
    for (let entry = 0; entry < count; entry += 1) this.#writeRow(entry);
  }

  #writeRow(entry: number): void {
    const { fields } = this.#page;
    const base = entry * ENTRY_STRIDE;
    const common = entry === 0 ? 0 : this.#compare(entry);
    const [start, end] = [fields[base + FIELD.key] as number, fields[base + FIELD.key + 1] as number];
    const others = (fields[base + FIELD.etag + 1] as number) - (fields[base + FIELD.etag] as number) + this.#lengthOfTokens(base);
    const blocks = this.#blocks;
    blocks.reserve((end - start) * MOST_BYTES_A_BYTE + others + BYTES_BESIDE_FIELDS);
    const rowStart = blocks.at;
    if (this.#writeKey(start, end, common) && this.#writeRest(base)) return;
    blocks.at = rowStart;
    this.#writePlainRow(entry);
  }

  /** Bytes that the row's key shares with the one before, which it must stand behind. */
  #compare(entry: number): number {
    const page = this.#page;
    const base = entry * ENTRY_STRIDE;
    const { fields } = page;
    const [before, beforeEnd] = [fields[base - ENTRY_STRIDE] as number, fields[base - ENTRY_STRIDE + 1] as number];
    const [start, end] = [fields[base] as number, fields[base + 1] as number];
    const common = commonBytes(page.body, this.#words, before, beforeEnd, start, end);
    if (!isInOrder(page, before, beforeEnd, start, end, common)) throw this.#fault(page, entry);
    if (this.partings.length < MOST_PARTINGS || common < (this.#partingLengths[MOST_PARTINGS - 1] as number)) this.#notePartingAt(entry - 1, common);
    return common;
  }

  #notePartingAt(entry: number, common: number): void {
    const lengths = this.#partingLengths;
    if (lengths.includes(common)) return;
    const at = lengths.findIndex((length) => length > common);
    const place = at < 0 ? lengths.length : at;
    lengths.splice(place, 0, common);
    this.partings.splice(place, 0, entry);
    lengths.length = Math.min(lengths.length, MOST_PARTINGS);
    this.partings.length = lengths.length;
  }

  #lengthOfTokens(base: number): number {
    const { fields } = this.#page;
    let length = 0;
    for (let field = FIELD.size; field <= FIELD.checksumType; field += 2) length += (fields[base + field + 1] as number) - (fields[base + field] as number);
    return length;
  }

  /** Writes the key's column; false where only the plain way can. */
  #writeKey(start: number, end: number, common: number): boolean {
    if (common < this.#prefixLength || this.#prefixLength === NOT_THIS_WAY || common === 0)
      this.#prefixLength = listedPrefixLength(this.#page, start, end, this.#prefix);
    if (this.#prefixLength === NOT_THIS_WAY) return this.#leavePlain();
    const from = start + this.#prefixLength;
    if (this.#copyKey(from, end, this.#isPlain ? common - this.#prefixLength : 0)) return true;
    const blocks = this.#blocks;
    const written = writeKeyColumn(this.#page, from, end, blocks.bytes, blocks.at);
    if (written === NOT_THIS_WAY) return this.#leavePlain();
    this.#isPlain = false;
    blocks.at = written;
    return true;
  }

  #leavePlain(): false {
    this.#isPlain = false;
    return false;
  }

  /** Copies a key in which no byte is special; false where one is. Its first `known` bytes were looked at in the row before. */
  #copyKey(from: number, end: number, known: number): boolean {
    const { bytes, words, at: start } = this.#blocks;
    const { body } = this.#page;
    const source = this.#words;
    const isSpecial = this.#isSpecial;
    let i = 0;
    for (; i + 4 <= known; i += 4) words.setInt32(start + i, source.getInt32(from + i));
    const length = end - from;
    for (; i < length; i += 1) {
      const byte = body[from + i] as number;
      if (isSpecial[byte] === 1) return false;
      bytes[start + i] = byte;
    }
    this.#isPlain = true;
    this.#blocks.at = start + length;
    return true;
  }

  /** Writes all columns behind the key; false where only the plain way can. */
  #writeRest(base: number): boolean {
    const { fields } = this.#page;
    if (fields[base + FIELD.restoreStatus] !== 0) return false;
    const done =
      this.#writeEtag(fields[base + FIELD.etag] as number, fields[base + FIELD.etag + 1] as number) &&
      this.#writeSize(fields[base + FIELD.size] as number, fields[base + FIELD.size + 1] as number) &&
      this.#writeTime(fields[base + FIELD.lastModified] as number, fields[base + FIELD.lastModified + 1] as number) &&
      this.#writeToken(fields[base + FIELD.storageClass] as number, fields[base + FIELD.storageClass + 1] as number) &&
      this.#writeToken(fields[base + FIELD.checksumAlgorithm] as number, fields[base + FIELD.checksumAlgorithm + 1] as number) &&
      this.#writeToken(fields[base + FIELD.checksumType] as number, fields[base + FIELD.checksumType + 1] as number);
    if (!done) return false;
    const blocks = this.#blocks;
    blocks.bytes.set(UNUSED_COLUMNS, blocks.at);
    blocks.at += UNUSED_COLUMNS.length;
    return true;
  }

  #writeEtag(start: number, end: number): boolean {
    const { body } = this.#page;
    const quotes = (body[start] === QUOTE ? 1 : 0) + (body[end - 1] === QUOTE ? 1 : 0);
    if (quotes > 0) return quotes === 2 && end - start > 1 && this.#writeToken(start + 1, end - 1);
    if (body[start] !== AMPERSAND || end - start < 2 * QUOTE_ENTITY.length) return this.#writeToken(start, end);
    for (let i = 0; i < QUOTE_ENTITY.length; i += 1)
      if (body[start + i] !== QUOTE_ENTITY[i] || body[end - QUOTE_ENTITY.length + i] !== QUOTE_ENTITY[i]) return false;
    return this.#writeToken(start + QUOTE_ENTITY.length, end - QUOTE_ENTITY.length);
  }

  #writeSize(start: number, end: number): boolean {
    const { body } = this.#page;
    if (end - start > MOST_DIGITS || end === start || (body[start] === ZERO && end - start > 1)) return false;
    for (let i = start; i < end; i += 1) if (((body[i] as number) - ZERO) >>> 0 > 9) return false;
    return this.#writeToken(start, end);
  }

  /** `2015-12-24T05:26:19.000Z` loses its T, its fraction and its Z. */
  #writeTime(start: number, end: number): boolean {
    const { body } = this.#page;
    if (end === start) return this.#writeToken(start, end);
    if (end - start !== TIME_LENGTH || body[start + 10] !== LETTER_T || body[end - 1] !== 0x5a) return false;
    const { bytes } = this.#blocks;
    let at = this.#blocks.at;
    bytes[at++] = TAB;
    for (let i = 0; i < TIME_LENGTH_KEPT; i += 1) {
      const byte = body[start + i] as number;
      const form = TIME_FORM[i] as number;
      if (form === ZERO ? (byte - ZERO) >>> 0 > 9 : byte !== form && i !== 10) return false;
      bytes[at++] = i === 10 ? SPACE : byte;
    }
    this.#blocks.at = at;
    return true;
  }

  /** Writes a tab and a value that needs no decoding, or null for an empty one. */
  #writeToken(start: number, end: number): boolean {
    const { bytes } = this.#blocks;
    const { body } = this.#page;
    let at = this.#blocks.at;
    bytes[at++] = TAB;
    for (let i = start; i < end; i += 1) {
      const byte = body[i] as number;
      if (IS_SPECIAL_IN_TOKEN[byte] === 1) return false;
      bytes[at++] = byte;
    }
    if (start === end) for (const byte of NULL_COLUMN) bytes[at++] = byte;
    this.#blocks.at = at;
    return true;
  }

  #writePlainRow(entry: number): void {
    this.#isPlain = false;
    const line = Buffer.from(`${objectRecord.encode(listedObject(this.#page, entry, this.#prefixText))}\n`, 'utf8');
    const blocks = this.#blocks;
    blocks.reserve(line.length);
    blocks.bytes.set(line, blocks.at);
    blocks.at += line.length;
  }
}

/** Partings noted in a page. */
const MOST_PARTINGS = 4;
const TIME_FORM = Uint8Array.from('0000-00-00T00:00:00', (character) => character.charCodeAt(0));
/** versionId, isDeleteMarker and restoreStatus, and the line's end. */
const UNUSED_COLUMNS = Uint8Array.from(Buffer.from('\t\\N\t\\N\t\\N\n', 'latin1'));
