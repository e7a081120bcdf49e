/** DeleteObject and DeleteObjects. */
import { authorize } from '../access/authorize.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { checkProof } from '../body/proof.ts';
import { receiveText } from '../body/receive-body.ts';
import type { DeleteMarker } from '../bucket.ts';
import { type BucketCall, type ObjectCall, thisSecond, writable } from '../call.ts';
import { checkWrite } from '../conditions.ts';
import { checkUnlocked } from '../object-lock.ts';
import { ServiceError } from '../service-error.ts';
import { newVersionId } from '../version-id.ts';
import { childrenOf, parseXml, textOf } from '../xml-read.ts';
import { document, elements } from '../xml-write.ts';
import { actionOn, queryVersion } from './existing-object.ts';

const MOST_KEYS = 1000;

/** What a delete did. */
interface Deleted {
  /** The version that is gone, or the marker that was put; null in an unversioned bucket. */
  readonly versionId: string | null;
  /** Whether that is a delete marker. */
  readonly isMarker: boolean;
}

function putMarker(call: ObjectCall): Deleted {
  const isEnabled = call.bucket.settings.versioning === 'Enabled';
  const marker: DeleteMarker = { kind: 'delete-marker', key: call.key, versionId: isEnabled ? newVersionId() : 'null', lastModified: thisSecond(call.store) };
  writable(call.bucket).putMarker(marker);
  return { versionId: marker.versionId, isMarker: true };
}

/** Deletes one version for good, or the current one: with versioning by a marker. What is not there is deleted already. */
function deleteVersion(call: ObjectCall, versionId: string | null): Deleted {
  const { bucket, key } = call;
  const objects = writable(bucket);
  const version = objects.find(key, versionId);
  const object = version?.kind === 'object' ? version : null;
  authorize(call, { bucket, key, action: actionOn('s3:DeleteObject', versionId), object });
  if (call.request.headers['if-match'] !== undefined) checkWrite(call.request.headers, version);
  if (versionId === null && bucket.settings.versioning !== null) return putMarker(call);
  if (object !== null) checkUnlocked(call, object);
  objects.remove(key, versionId ?? 'null');
  return { versionId, isMarker: version?.kind === 'delete-marker' };
}

/** DeleteObject. */
export function deleteObject(call: ObjectCall): Answer {
  const { versionId, isMarker } = deleteVersion(call, queryVersion(call));
  const headers: Record<string, string> = {};
  if (versionId !== null) headers['x-amz-version-id'] = versionId;
  if (isMarker) headers['x-amz-delete-marker'] = 'true';
  return emptyAnswer(204, headers);
}

function deletedElement(call: ObjectCall, versionId: string | null, isQuiet: boolean): string {
  try {
    const deleted = deleteVersion(call, versionId);
    const marker = deleted.isMarker ? { DeleteMarker: true, DeleteMarkerVersionId: deleted.versionId } : {};
    return isQuiet ? '' : elements({ Deleted: { Key: call.key, VersionId: versionId, ...marker } });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return elements({ Error: { Key: call.key, VersionId: versionId, Code: error.code, Message: error.message } });
  }
}

/** DeleteObjects: each key by itself; what one may not delete is a row, not a refusal. */
export async function deleteObjects(call: BucketCall): Promise<Answer> {
  checkProof(call.request);
  const root = parseXml(await receiveText(call.request, call.auth));
  const named = childrenOf(root, 'Object');
  if (root.name !== 'Delete' || named.length === 0 || named.length > MOST_KEYS) throw new ServiceError('MalformedXML');
  const isQuiet = textOf(root, 'Quiet')?.trim() === 'true';
  const rows = named.map((node) => deletedElement({ ...call, key: textOf(node, 'Key') ?? '' }, textOf(node, 'VersionId'), isQuiet));
  return xmlAnswer(document('DeleteResult', rows.join('')));
}
