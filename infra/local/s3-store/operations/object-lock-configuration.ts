/** GetObjectLockConfiguration, PutObjectLockConfiguration. */
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { checkProof } from '../body/proof.ts';
import { receiveText } from '../body/receive-body.ts';
import type { DefaultRetention } from '../buckets.ts';
import type { BucketCall } from '../call.ts';
import { checkVersioned } from '../object-lock.ts';
import { ServiceError } from '../service-error.ts';
import { childrenOf, parseXml, textOf, type XmlNode } from '../xml-read.ts';
import { document, elements } from '../xml-write.ts';

/** GetObjectLockConfiguration. */
export function getObjectLockConfiguration({ bucket }: BucketCall): Answer {
  const { objectLock, name } = bucket.settings;
  if (objectLock === null) throw new ServiceError('ObjectLockConfigurationNotFoundError', { elements: { BucketName: name } });
  const { retention } = objectLock;
  const period = retention === null ? null : retention.days > 0 ? { Days: retention.days } : { Years: retention.years };
  const rule = retention === null ? null : { DefaultRetention: { Mode: retention.mode, ...period } };
  return xmlAnswer(document('ObjectLockConfiguration', elements({ ObjectLockEnabled: 'Enabled', Rule: rule })));
}

function count(node: XmlNode, name: string): number {
  const text = textOf(node, name)?.trim();
  if (text === undefined) return 0;
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new ServiceError('InvalidArgument', { message: 'Default retention period must be a positive integer value.' });
  return Number(text);
}

function retentionOf(root: XmlNode): DefaultRetention | null {
  const [rule] = childrenOf(root, 'Rule');
  if (rule === undefined) return null;
  const [node] = childrenOf(rule, 'DefaultRetention');
  const mode = node === undefined ? undefined : textOf(node, 'Mode')?.trim();
  if (node === undefined || (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE')) throw new ServiceError('MalformedXML');
  const [days, years] = [count(node, 'Days'), count(node, 'Years')];
  if ((days === 0) === (years === 0)) throw new ServiceError('MalformedXML');
  return { mode, days, years };
}

/** PutObjectLockConfiguration. */
export async function putObjectLockConfiguration({ store, request, auth, bucket }: BucketCall): Promise<Answer> {
  checkProof(request);
  const root = parseXml(await receiveText(request, auth));
  if (root.name !== 'ObjectLockConfiguration' || textOf(root, 'ObjectLockEnabled')?.trim() !== 'Enabled') throw new ServiceError('MalformedXML');
  const retention = retentionOf(root);
  checkVersioned(bucket);
  store.buckets.change(bucket, { objectLock: { retention } });
  return emptyAnswer(200);
}
