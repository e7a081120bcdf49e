/** ListParts: the parts of an upload that were written. */
import { answerXml, endlessList } from './answer-text.ts';
import { type Checksums, checksumsIn } from './checksum-names.ts';
import { unquoted } from './object-headers.ts';
import type { S3Client } from './s3-client.ts';
import { queryString } from './uri.ts';
import { elementsOf, textOf } from './xml.ts';

/** A part of an upload under way. */
export interface ListedPart {
  readonly partNumber: number;
  /** Without quotes. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  readonly checksums: Checksums;
}

function partOf(xml: string): ListedPart {
  const [partNumber, size] = [Number(textOf(xml, 'PartNumber')), Number(textOf(xml, 'Size'))];
  return { partNumber, etag: unquoted(textOf(xml, 'ETag') ?? ''), size, checksums: checksumsIn(xml) };
}

/** Reads all pages; ascending by part number. @throws {S3Error} `MalformedAnswer` where a page does not say where the next begins */
export async function listParts(
  client: S3Client,
  input: { readonly key: string; readonly uploadId: string },
  signal?: AbortSignal,
): Promise<readonly ListedPart[]> {
  const { key, uploadId } = input;
  const parts: ListedPart[] = [];
  let marker = 0;
  for (;;) {
    const query = queryString({ 'max-parts': 1000, 'part-number-marker': marker === 0 ? null : marker, uploadId });
    const request = { operation: 'ListParts', method: 'GET', key, query, root: 'ListPartsResult' } as const;
    const answer = await client.send(request, signal);
    const xml = answerXml(answer);
    for (const part of elementsOf(xml, 'Part')) parts.push(partOf(part));
    if (textOf(xml, 'IsTruncated') !== 'true') return parts;
    const next = Number(textOf(xml, 'NextPartNumberMarker') ?? 0);
    if (!(next > marker)) throw endlessList(client, request, answer);
    marker = next;
  }
}
