/** GetObjectTagging, PutObjectTagging, DeleteObjectTagging. */
import { authorize } from '../access/authorize.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { receiveText } from '../body/receive-body.ts';
import { type ObjectCall, writable } from '../call.ts';
import { versionHeaders } from '../object-headers.ts';
import { documentTags, taggingDocument } from '../tags.ts';
import { requestedObject } from './existing-object.ts';

/** GetObjectTagging. */
export function getObjectTagging(call: ObjectCall): Answer {
  const { tags, versionId } = requestedObject(call, 's3:GetObjectTagging');
  return xmlAnswer(taggingDocument(tags), versionHeaders(call.bucket, versionId));
}

/** PutObjectTagging: all tags are replaced; neither ETag nor time changes. */
export async function putObjectTagging(call: ObjectCall): Promise<Answer> {
  requestedObject(call, 's3:PutObjectTagging');
  const tags = documentTags(await receiveText(call.request, call.auth));
  authorize(call, { bucket: call.bucket, key: call.key, action: 's3:PutObjectTagging', requestTags: tags });
  const object = requestedObject(call, 's3:PutObjectTagging');
  writable(call.bucket).replace({ ...object, tags });
  return emptyAnswer(200, versionHeaders(call.bucket, object.versionId));
}

/** DeleteObjectTagging. */
export function deleteObjectTagging(call: ObjectCall): Answer {
  const object = requestedObject(call, 's3:DeleteObjectTagging');
  writable(call.bucket).replace({ ...object, tags: [] });
  return emptyAnswer(204, versionHeaders(call.bucket, object.versionId));
}
