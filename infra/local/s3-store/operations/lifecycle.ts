/** GetBucketLifecycleConfiguration, PutBucketLifecycleConfiguration, DeleteBucketLifecycle. The store keeps the rules and does nothing by them. */
import { hash } from 'node:crypto';
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { checkProof } from '../body/proof.ts';
import { receiveText } from '../body/receive-body.ts';
import type { BucketCall } from '../call.ts';
import { ServiceError } from '../service-error.ts';
import { childrenOf, parseXml, textOf, type XmlNode } from '../xml-read.ts';
import { document, escapeXml } from '../xml-write.ts';

const MOST_RULES = 1000;
const MINIMUM_SIZE = 'x-amz-transition-default-minimum-object-size';

const ACTIONS = ['Expiration', 'Transition', 'NoncurrentVersionExpiration', 'NoncurrentVersionTransition', 'AbortIncompleteMultipartUpload'];

function written({ name, text, children }: XmlNode): string {
  return `<${name}>${children.length === 0 ? escapeXml(text) : children.map(written).join('')}</${name}>`;
}

function rule(node: XmlNode): string {
  const status = textOf(node, 'Status')?.trim();
  const hasScope = childrenOf(node, 'Filter').length + childrenOf(node, 'Prefix').length === 1;
  if ((status !== 'Enabled' && status !== 'Disabled') || !hasScope) throw new ServiceError('MalformedXML');
  if (!node.children.some(({ name }) => ACTIONS.includes(name)))
    throw new ServiceError('InvalidRequest', { message: 'At least one action needs to be specified in a rule' });
  const inner = node.children.map(written).join('');
  return textOf(node, 'ID') === null ? `<Rule><ID>${hash('md5', inner)}</ID>${inner}</Rule>` : `<Rule>${inner}</Rule>`;
}

/** The rules as answers give them: each with an id. */
function rulesOf(xml: string): string {
  const root = parseXml(xml);
  const rules = childrenOf(root, 'Rule');
  if (root.name !== 'LifecycleConfiguration' || rules.length === 0 || rules.length > MOST_RULES) throw new ServiceError('MalformedXML');
  const ids = rules.flatMap((node) => textOf(node, 'ID') ?? []);
  if (new Set(ids).size < ids.length) throw new ServiceError('InvalidArgument', { message: 'Rule ID must be unique. Found same ID for more than one rule' });
  return rules.map(rule).join('');
}

/** GetBucketLifecycleConfiguration. */
export function getBucketLifecycleConfiguration({ bucket }: BucketCall): Answer {
  const { lifecycle, name } = bucket.settings;
  if (lifecycle === null) throw new ServiceError('NoSuchLifecycleConfiguration', { elements: { BucketName: name } });
  return xmlAnswer(document('LifecycleConfiguration', lifecycle), { [MINIMUM_SIZE]: 'all_storage_classes_128K' });
}

/** PutBucketLifecycleConfiguration. */
export async function putBucketLifecycleConfiguration({ store, request, auth, bucket }: BucketCall): Promise<Answer> {
  checkProof(request);
  store.buckets.change(bucket, { lifecycle: rulesOf(await receiveText(request, auth)) });
  return emptyAnswer(200, { [MINIMUM_SIZE]: 'all_storage_classes_128K' });
}

/** DeleteBucketLifecycle. */
export function deleteBucketLifecycle({ store, bucket }: BucketCall): Answer {
  store.buckets.change(bucket, { lifecycle: null });
  return emptyAnswer(204);
}
