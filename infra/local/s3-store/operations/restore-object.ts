/** RestoreObject. */
import { type Answer, emptyAnswer } from '../answer.ts';
import { isArchived, isRestored } from '../archive.ts';
import { receiveText } from '../body/receive-body.ts';
import type { StoredObject } from '../bucket.ts';
import { type ObjectCall, writable } from '../call.ts';
import { ServiceError } from '../service-error.ts';
import { parseXml, textOf } from '../xml-read.ts';
import { requestedObject } from './existing-object.ts';

const DAY = 86_400_000;

/** A copy for some days; an INTELLIGENT_TIERING object leaves the archive for good instead. */
function restored(object: StoredObject, xml: string, now: number): StoredObject {
  if (object.archiveStatus !== null) return { ...object, archiveStatus: null };
  const days = Number(xml === '' ? '1' : (textOf(parseXml(xml), 'Days') ?? '1'));
  if (!Number.isSafeInteger(days) || days < 1) throw new ServiceError('MalformedXML');
  return { ...object, restore: { ongoing: false, expiry: (Math.floor(now / DAY) + days + 1) * DAY } };
}

/** RestoreObject: what is asked for is there at once; 202 the first time, 200 when it is prolonged. */
export async function restoreObject(call: ObjectCall): Promise<Answer> {
  const xml = await receiveText(call.request, call.auth);
  const object = requestedObject(call, 's3:RestoreObject');
  if (!isArchived(object)) throw new ServiceError('InvalidObjectState', { elements: { StorageClass: object.storageClass } });
  if (object.restore?.ongoing) throw new ServiceError('RestoreAlreadyInProgress');
  const now = call.store.now();
  writable(call.bucket).replace(restored(object, xml, now));
  return emptyAnswer(isRestored(object.restore, now) ? 200 : 202);
}
