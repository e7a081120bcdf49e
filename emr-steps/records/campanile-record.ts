/**
 * The lines of Campanile's own listings (`--input-format campanile`): `key etag size mtime`, the key as it is, not encoded.
 * A line is read from its right end, so that a key with a tab comes through; a key with CR or LF was broken before it got here.
 */
import { decodeCount, decodeNullableTime, decodeToken, encodeCount, encodeNullableTime, encodeToken } from './columns.ts';
import type { ObjectRecord } from './object-record.ts';
import type { RecordCodec } from './record-codec.ts';
import { RecordError } from './record-error.ts';

const RECORD = 'CampanileRecord';

const UNUSED = { storageClass: null, checksumAlgorithm: null, checksumType: null, versionId: null, isDeleteMarker: null, restoreStatus: null };

function encode(record: ObjectRecord): string {
  if (/[\r\n]/.test(record.key)) throw new RecordError(RECORD, `key ${JSON.stringify(record.key)} holds a line end, which this format cannot carry`);
  if (!record.key.isWellFormed()) throw new RecordError(RECORD, `key ${JSON.stringify(record.key)} holds a lone surrogate`);
  return [
    record.key,
    encodeToken(RECORD, 'etag', record.etag),
    encodeCount(RECORD, 'size', record.size),
    encodeNullableTime(RECORD, 'mtime', record.mtime),
  ].join('\t');
}

/** Where the tab before the last three columns stands; -1 where there are not four columns. */
function endOfKey(line: string): number {
  let tab = line.length;
  for (let columns = 0; columns < 3 && tab >= 0; columns += 1) tab = tab === 0 ? -1 : line.lastIndexOf('\t', tab - 1);
  return tab;
}

function decode(line: string): ObjectRecord {
  const tab = endOfKey(line);
  if (tab < 0) throw new RecordError(RECORD, `${JSON.stringify(line.slice(0, 200))} has not the columns key etag size mtime`);
  const [etag, size, mtime] = line.slice(tab + 1).split('\t');
  return {
    key: line.slice(0, tab),
    etag: decodeToken(RECORD, 'etag', etag),
    size: decodeCount(RECORD, 'size', size),
    mtime: decodeNullableTime(RECORD, 'mtime', mtime),
    ...UNUSED,
  };
}

/** Campanile's listing lines as {@link ObjectRecord}; what the four columns do not hold is null. */
export const campanileRecord: RecordCodec<ObjectRecord> = { record: RECORD, encode, decode };
