/** GetObjectAttributes: the parts of an object, where S3 lists them (only where a checksum was stored with each part). */
import { answerXml } from './answer-text.ts';
import type { S3Client } from './s3-client.ts';
import { elementsOf, nextElement, textOf } from './xml.ts';

/** A part and its bytes. */
export interface PartSize {
  readonly partNumber: number;
  readonly size: number;
}

/** What S3 tells of an object's parts. */
export interface ObjectAttributes {
  /** Null means unknown, never one. */
  readonly partsCount: number | null;
  /** All parts in order; null where S3 lists none. */
  readonly parts: readonly PartSize[] | null;
  /** Bytes of the object. */
  readonly objectSize: number | null;
}

interface Page {
  readonly count: number | null;
  readonly parts: readonly PartSize[];
  readonly objectSize: number | null;
  readonly nextMarker: number | null;
}

function numberIn(xml: string, name: string): number | null {
  const text = textOf(xml, name);
  return text !== null && /^[0-9]+$/.test(text) ? Number(text) : null;
}

function partOf(xml: string): PartSize | null {
  const partNumber = numberIn(xml, 'PartNumber');
  const size = numberIn(xml, 'Size');
  return partNumber === null || size === null ? null : { partNumber, size };
}

/** S3 calls the count `PartsCount` in XML and `TotalPartsCount` in its SDKs; servers write either. */
function pageOf(xml: string): Page {
  const listed = nextElement(xml, 'ObjectParts')?.content ?? '';
  const truncated = textOf(listed, 'IsTruncated') === 'true';
  const outside = xml.replace(listed, '');
  return {
    count: numberIn(listed, 'PartsCount') ?? numberIn(listed, 'TotalPartsCount'),
    parts: elementsOf(listed, 'Part').flatMap((part) => partOf(part) ?? []),
    objectSize: numberIn(outside, 'ObjectSize'),
    nextMarker: truncated ? numberIn(listed, 'NextPartNumberMarker') : null,
  };
}

/** Reads all pages. The root's name differs between S3 and its documentation. No blank follows the comma of `x-amz-object-attributes`: versitygw and MinIO refuse one. */
export async function getObjectAttributes(client: S3Client, input: { readonly key: string }, signal?: AbortSignal): Promise<ObjectAttributes> {
  const parts: PartSize[] = [];
  let marker: number | null = null;
  for (;;) {
    const headers: Record<string, string> = { 'x-amz-object-attributes': 'ObjectParts,ObjectSize', 'x-amz-max-parts': '1000' };
    if (marker !== null) headers['x-amz-part-number-marker'] = String(marker);
    const request = {
      operation: 'GetObjectAttributes',
      method: 'GET',
      key: input.key,
      query: 'attributes=',
      headers,
      root: '*',
    } as const;
    const page: Page = pageOf(answerXml(await client.send(request, signal)));
    parts.push(...page.parts);
    if (page.nextMarker === null || page.nextMarker <= (marker ?? 0)) {
      return { partsCount: page.count, parts: parts.length === 0 ? null : parts, objectSize: page.objectSize };
    }
    marker = page.nextMarker;
  }
}
