/** Whether the parts of an upload make up its object. Pure. */
import { multipartEtag } from '../multipart/multipart-etag.ts';
import { type FailedUpload, failed } from './upload-end.ts';
import type { Upload } from './upload-rows.ts';
import type { HeldPart } from './upload-service.ts';

/** The parts as the rows know them, in order; the upload has all of them. An ETag that no row has is empty. */
export function partsOfRows(upload: Upload): readonly HeldPart[] {
  const parts: HeldPart[] = [];
  for (let partNumber = 1; partNumber <= upload.partCount; partNumber += 1) {
    const part = upload.copied.get(partNumber);
    if (part !== undefined) parts.push({ partNumber, etag: part.etag ?? '', size: part.bytes, checksum: part.checksum });
  }
  return parts;
}

/** Whether the completion must name the checksum of a part that no row knows. */
export function lacksChecksums({ checksum }: Upload, parts: readonly HeldPart[]): boolean {
  return checksum?.type === 'COMPOSITE' && parts.some((part) => part.checksum === null);
}

/** What is wrong with the parts that the service holds; null where they are those of the rows, in number and size. */
export function wrongParts(upload: Upload, parts: readonly HeldPart[]): FailedUpload | null {
  const found = new Map(parts.map((part) => [part.partNumber, part.size]));
  const absent = [...upload.copied.keys()].find((number) => !found.has(number));
  if (absent !== undefined) return failed('part-missing', `part ${absent} of ${upload.partCount} is not in the upload`);
  if (found.size !== upload.partCount) return failed('part-missing', `the upload holds ${found.size} parts, ${upload.partCount} were planned`);
  const wrong = parts.find((part) => part.size !== upload.copied.get(part.partNumber)?.bytes);
  if (wrong === undefined) return null;
  const { partNumber, size } = wrong;
  return failed('digest-mismatch', `part ${partNumber} of ${upload.partCount} holds ${size} bytes, ${upload.copied.get(partNumber)?.bytes} were copied`);
}

/** Whether the parts' bytes add up to the object's: with ETags that prove nothing, the least that must hold. */
export function wrongSize(upload: Upload, parts: readonly HeldPart[]): FailedUpload | null {
  const bytes = parts.reduce((sum, part) => sum + part.size, 0);
  return bytes === upload.size ? null : failed('digest-mismatch', `the ${parts.length} parts hold ${bytes} bytes, the object ${upload.size}`);
}

/** The ETag that the object would get; null where it cannot be known. */
export function etagOf(parts: readonly HeldPart[]): string | null {
  return multipartEtag(parts.map((part) => part.etag));
}

/** The end of an upload whose parts give another ETag: after a computed part map the next round sweeps, after a swept one there is nothing left to try. */
export function mismatch(upload: Upload, computed: string): FailedUpload {
  const reason = upload.partMap === 'computed' ? 'part-map-mismatch' : 'etag-mismatch';
  const detail = `the ${upload.partCount} parts (map ${upload.partMap}) give ETag ${computed}, the source has ${upload.sourceEtag ?? 'none'}`;
  return failed(reason, detail, computed);
}
