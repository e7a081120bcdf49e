/** Object tags: read by GetObjectTagging, written by a header. */
import { answerXml } from './answer-text.ts';
import type { S3Client } from './s3-client.ts';
import { encodeValue } from './uri.ts';
import { elementsOf, textOf } from './xml.ts';

/** A tag of an object. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** The tags of an object. */
export async function getObjectTagging(client: S3Client, input: { readonly key: string }, signal?: AbortSignal): Promise<readonly Tag[]> {
  const answer = await client.send({ operation: 'GetObjectTagging', method: 'GET', key: input.key, query: 'tagging=', root: 'Tagging' }, signal);
  const xml = answerXml(answer);
  return elementsOf(xml, 'Tag').map((tag) => ({ key: textOf(tag, 'Key') ?? '', value: textOf(tag, 'Value') ?? '' }));
}

/** The header `x-amz-tagging`, in the form of a query; empty headers where there are no tags. */
export function taggingHeader(tags: readonly Tag[] | undefined): Record<string, string> {
  if (tags === undefined || tags.length === 0) return {};
  return { 'x-amz-tagging': tags.map(({ key, value }) => `${encodeValue(key)}=${encodeValue(value)}`).join('&') };
}
