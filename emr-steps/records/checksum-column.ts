/** Stored checksums in a column: `CRC64NVME`, `SHA256/COMPOSITE`, or of a part with its value, `SHA256/COMPOSITE/<base64>`. */
import { RecordError } from './record-error.ts';
import { NULL_COLUMN } from './text.ts';

/** Whether a checksum is of all bytes at once or of its parts' checksums. */
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

/** Which checksum is stored beside an object. */
export interface ChecksumForm {
  /** As S3 names it, such as `CRC64NVME`. */
  readonly algorithm: string;
  /** Null where nobody said it, and where there is only one way (an object of one part). */
  readonly type: ChecksumType | null;
}

/** The checksum of a part of an upload. */
export interface PartChecksum extends ChecksumForm {
  /** Base64; null where the service keeps it to itself, as it does of FULL_OBJECT checksums. */
  readonly value: string | null;
}

const FORM = /^([A-Z0-9]{1,32})(?:\/(FULL_OBJECT|COMPOSITE)(?:\/([A-Za-z0-9+/]{2,128}={0,2}))?)?$/;

/** The column of a form; `\N` for null. @throws RecordError where the algorithm is no name */
export function encodeChecksum(record: string, checksum: ChecksumForm | PartChecksum | null): string {
  if (checksum === null) return NULL_COLUMN;
  const { algorithm, type } = checksum;
  const value = 'value' in checksum ? checksum.value : null;
  const column = [algorithm, ...(type === null ? [] : [type]), ...(value === null ? [] : [value])].join('/');
  if (!FORM.test(column) || (value !== null && type === null)) throw new RecordError(record, `checksum is ${JSON.stringify(column)}, which is none`);
  return column;
}

/** The checksum of a column, with its value where it has one; null for `\N` and for a column that is not there. */
export function decodeChecksum(record: string, column: string | undefined): PartChecksum | null {
  if (column === undefined || column === NULL_COLUMN) return null;
  const [, algorithm, type = null, value = null] = FORM.exec(column) ?? [];
  if (algorithm === undefined) throw new RecordError(record, `checksum is ${JSON.stringify(column)}, which is none`);
  return { algorithm, type: type as ChecksumType | null, value };
}

/** As {@link decodeChecksum}, where no value belongs. */
export function decodeChecksumForm(record: string, column: string | undefined): ChecksumForm | null {
  const checksum = decodeChecksum(record, column);
  if (checksum === null) return null;
  if (checksum.value !== null) throw new RecordError(record, `checksum is ${JSON.stringify(column)}; no value belongs there`);
  return { algorithm: checksum.algorithm, type: checksum.type };
}
