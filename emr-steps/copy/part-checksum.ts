/** The checksums of parts that go through the node, of uploads whose checksum is COMPOSITE: S3 refuses such a part without one. */
import type { ChecksumForm, PartChecksum } from '../records/checksum-column.ts';
import { checksumHeader } from '../s3/checksum-names.ts';
import { type RunningChecksum, runningChecksum } from '../s3/running-checksum.ts';

/** A checksum to compute; null where the service needs none from here. */
export function partChecksum(form: ChecksumForm | null): RunningChecksum | null {
  return form?.type === 'COMPOSITE' ? runningChecksum(form.algorithm) : null;
}

/** The checksum of bytes at hand; null as for {@link partChecksum}. */
export function bytesChecksum(form: ChecksumForm | null, bytes: Uint8Array): PartChecksum | null {
  const running = partChecksum(form);
  if (running === null) return null;
  running.update(bytes);
  return { algorithm: running.algorithm, type: 'COMPOSITE', value: running.value() };
}

/** Headers of UploadPart. */
export function checksumHeaders(checksum: PartChecksum | null): Readonly<Record<string, string>> {
  return checksum === null || checksum.value === null ? {} : { [checksumHeader(checksum.algorithm)]: checksum.value };
}
