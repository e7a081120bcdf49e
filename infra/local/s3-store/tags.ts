/** Object tags: read from a header or a document, checked, and written. */
import type { Tag } from './bucket.ts';
import { keyText } from './key-bytes.ts';
import { decodePercent } from './percent.ts';
import type { S3Request } from './request.ts';
import { ServiceError } from './service-error.ts';
import { childrenOf, parseXml, textOf } from './xml-read.ts';
import { document, elements } from './xml-write.ts';

const MOST_TAGS = 10;
const MOST_KEY_CHARACTERS = 128;
const MOST_VALUE_CHARACTERS = 256;

function checkTag({ key, value }: Tag): void {
  if (key === '' || keyText(key).length > MOST_KEY_CHARACTERS)
    throw new ServiceError('InvalidTag', { message: 'The TagKey you have provided is invalid', elements: { TagKey: key } });
  if (keyText(value).length > MOST_VALUE_CHARACTERS)
    throw new ServiceError('InvalidTag', { message: 'The TagValue you have provided is invalid', elements: { TagKey: key } });
  if (key.startsWith('aws:')) throw new ServiceError('InvalidTag', { message: 'System tags cannot be added/updated by requester', elements: { TagKey: key } });
}

function checked(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > MOST_TAGS) throw new ServiceError('InvalidTag', { message: 'Object tags cannot be greater than 10' });
  for (const tag of tags) checkTag(tag);
  if (new Set(tags.map(({ key }) => key)).size < tags.length)
    throw new ServiceError('InvalidTag', { message: 'Cannot provide multiple Tags with the same key' });
  return tags;
}

function decoded(text: string): string {
  const bytes = decodePercent(text);
  if (bytes === null)
    throw new ServiceError('InvalidArgument', {
      message: 'The header x-amz-tagging shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.',
    });
  return bytes;
}

/** The tags of `x-amz-tagging`, a query string. */
export function headerTags({ headers }: S3Request): readonly Tag[] {
  const header = headers['x-amz-tagging'];
  if (header === undefined || header === '') return [];
  return checked(
    header.split('&').map((pair) => {
      const [key = '', value = ''] = pair.split(/=(.*)/s);
      return { key: decoded(key), value: decoded(value) };
    }),
  );
}

/** The tags of a `<Tagging>` document. */
export function documentTags(xml: string): readonly Tag[] {
  const root = parseXml(xml);
  const [set] = childrenOf(root, 'TagSet');
  if (root.name !== 'Tagging' || set === undefined) throw new ServiceError('MalformedXML');
  return checked(childrenOf(set, 'Tag').map((tag) => ({ key: textOf(tag, 'Key') ?? '', value: textOf(tag, 'Value') ?? '' })));
}

/** A `<Tagging>` document; S3 gives the tags by name. */
export function taggingDocument(tags: readonly Tag[]): string {
  const sorted = [...tags].sort((a, b) => (a.key < b.key ? -1 : 1));
  return document('Tagging', `<TagSet>${sorted.map(({ key, value }) => elements({ Tag: { Key: key, Value: value } })).join('')}</TagSet>`);
}
