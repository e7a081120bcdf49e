/** A listed object: a line of a listing, of a diff's rows, and of what is not settled after a round. */
import { decodeCount, decodeNullableTime, decodeToken, encodeCount, encodeNullableTime, encodeToken, splitColumns } from './columns.ts';
import type { RecordCodec } from './record-codec.ts';
import { decodeText, encodeText } from './text.ts';

/**
 * Ten tab-separated columns: Campanile's four (`key etag size mtime`), then six that are `\N` until used.
 * Four columns alone are read as well.
 */
export interface ObjectRecord {
  /** Relative to its side's prefix; the whole key where there is none. May be empty: the object named like the prefix. */
  readonly key: string;
  /** Without quotes; null where the listing had none. */
  readonly etag: string | null;
  /** Bytes. */
  readonly size: number;
  /** `YYYY-MM-DD HH:MM:SS`, UTC; see {@link encodeTime}. */
  readonly mtime: string | null;
  /** As listed, such as `STANDARD`; null where unknown. */
  readonly storageClass: string | null;
  /** Algorithms joined by `,`, such as `CRC64NVME`. */
  readonly checksumAlgorithm: string | null;
  /** `COMPOSITE` or `FULL_OBJECT`. */
  readonly checksumType: string | null;
  readonly versionId: string | null;
  /** `true` for a delete marker. */
  readonly isDeleteMarker: string | null;
  /** `restored` where an archived object can be read at present, else null. */
  readonly restoreStatus: string | null;
}

const RECORD = 'ObjectRecord';

function encode(record: ObjectRecord): string {
  return [
    encodeText(record.key),
    encodeToken(RECORD, 'etag', record.etag),
    encodeCount(RECORD, 'size', record.size),
    encodeNullableTime(RECORD, 'mtime', record.mtime),
    encodeToken(RECORD, 'storageClass', record.storageClass),
    encodeToken(RECORD, 'checksumAlgorithm', record.checksumAlgorithm),
    encodeToken(RECORD, 'checksumType', record.checksumType),
    encodeToken(RECORD, 'versionId', record.versionId),
    encodeToken(RECORD, 'isDeleteMarker', record.isDeleteMarker),
    encodeToken(RECORD, 'restoreStatus', record.restoreStatus),
  ].join('\t');
}

function decode(line: string): ObjectRecord {
  const columns = splitColumns(RECORD, line, 4);
  return {
    key: decodeText(columns[0] as string),
    etag: decodeToken(RECORD, 'etag', columns[1]),
    size: decodeCount(RECORD, 'size', columns[2]),
    mtime: decodeNullableTime(RECORD, 'mtime', columns[3]),
    storageClass: decodeToken(RECORD, 'storageClass', columns[4]),
    checksumAlgorithm: decodeToken(RECORD, 'checksumAlgorithm', columns[5]),
    checksumType: decodeToken(RECORD, 'checksumType', columns[6]),
    versionId: decodeToken(RECORD, 'versionId', columns[7]),
    isDeleteMarker: decodeToken(RECORD, 'isDeleteMarker', columns[8]),
    restoreStatus: decodeToken(RECORD, 'restoreStatus', columns[9]),
  };
}

/** The lines of {@link ObjectRecord}. */
export const objectRecord: RecordCodec<ObjectRecord> = { record: RECORD, encode, decode };
