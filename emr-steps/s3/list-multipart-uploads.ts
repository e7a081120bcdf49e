/** ListMultipartUploads: the uploads of a bucket that are neither completed nor aborted. */
import { answerXml, endlessList } from './answer-text.ts';
import type { S3Client } from './s3-client.ts';
import type { S3Answer } from './s3-request.ts';
import { decodeListed, queryString } from './uri.ts';
import { decodeEntities, elementsOf, nextElement, textOf } from './xml.ts';

/** An upload under way. */
export interface OpenUpload {
  /** The whole key. */
  readonly key: string;
  readonly uploadId: string;
  readonly initiated: Date;
  /** ARN or account of who began it; null where the server does not say. */
  readonly initiator: string | null;
}

/** What to list. */
export interface ListMultipartUploadsInput {
  readonly prefix?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

function listed(xml: string, name: string, isUrl: boolean): string | null {
  const text = textOf(xml, name);
  return text === null ? null : decodeListed(text, isUrl);
}

function uploadOf(xml: string, isUrl: boolean): OpenUpload {
  const initiator = nextElement(xml, 'Initiator');
  return {
    key: listed(xml, 'Key', isUrl) ?? '',
    uploadId: textOf(xml, 'UploadId') ?? '',
    initiated: new Date(textOf(xml, 'Initiated') ?? ''),
    initiator: initiator === null ? null : decodeEntities(nextElement(initiator.content, 'ID')?.content ?? '') || null,
  };
}

/** Lists all uploads, page by page. @throws {S3Error} `MalformedAnswer` where a page does not say where the next begins */
export async function* listMultipartUploads(client: S3Client, input: ListMultipartUploadsInput = {}): AsyncGenerator<OpenUpload, void, undefined> {
  const { prefix, signal } = input;
  let keyMarker: string | null = null;
  let uploadIdMarker: string | null = null;
  for (;;) {
    const query: string = queryString({
      'encoding-type': 'url',
      'key-marker': keyMarker,
      'max-uploads': 1000,
      prefix,
      'upload-id-marker': uploadIdMarker,
      uploads: '',
    });
    const root = 'ListMultipartUploadsResult';
    const request = { operation: 'ListMultipartUploads', method: 'GET', key: null, query, root, pacedBy: prefix ?? '' } as const;
    const answer: S3Answer = await client.send(request, signal);
    const xml: string = answerXml(answer);
    const isUrl: boolean = textOf(xml, 'EncodingType') === 'url';
    for (const upload of elementsOf(xml, 'Upload')) yield uploadOf(upload, isUrl);
    if (textOf(xml, 'IsTruncated') !== 'true') return;
    const nextKey: string | null = listed(xml, 'NextKeyMarker', isUrl);
    const nextUploadId: string | null = textOf(xml, 'NextUploadIdMarker');
    if (nextKey === keyMarker && nextUploadId === uploadIdMarker) throw endlessList(client, request, answer);
    keyMarker = nextKey;
    uploadIdMarker = nextUploadId;
  }
}
