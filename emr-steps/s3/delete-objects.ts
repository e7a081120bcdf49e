/** DeleteObjects: up to a thousand keys a request; keys that XML has no form for are deleted one by one. */
import { answerXml } from './answer-text.ts';
import { digestHeader } from './body-digest.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import { elementsOf, encodeEntities, fitsXml, textOf } from './xml.ts';

/** A key that was not deleted, and why. */
export interface RefusedKey {
  readonly key: string;
  readonly code: string;
  readonly message: string;
}

const KEYS_PER_REQUEST = 1000;

function refusedOf(xml: string): RefusedKey {
  return { key: textOf(xml, 'Key') ?? '', code: textOf(xml, 'Code') ?? '', message: textOf(xml, 'Message') ?? '' };
}

async function deleteBatch(client: S3Client, keys: readonly string[], signal: AbortSignal | undefined): Promise<readonly RefusedKey[]> {
  const rows = keys.map((key) => `<Object><Key>${encodeEntities(key)}</Key></Object>`).join('');
  const body = Buffer.from(`<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>${rows}</Delete>`);
  const headers = { 'content-type': 'application/xml', ...digestHeader(body) };
  const pacedBy = keys[0] ?? '';
  const answer = await client.send(
    { operation: 'DeleteObjects', method: 'POST', key: null, query: 'delete=', headers, body, root: 'DeleteResult', pacedBy },
    signal,
  );
  return elementsOf(answerXml(answer), 'Error').map(refusedOf);
}

async function deleteOne(client: S3Client, key: string, signal: AbortSignal | undefined): Promise<readonly RefusedKey[]> {
  try {
    await client.send({ operation: 'DeleteObject', method: 'DELETE', key }, signal);
    return [];
  } catch (error) {
    if (!(error instanceof S3Error) || error.status === 0) throw error;
    return [{ key, code: error.code, message: error.reason }];
  }
}

/** Deletes objects; gives those that were refused. A key that does not exist counts as deleted. */
export async function deleteObjects(client: S3Client, input: { readonly keys: readonly string[] }, signal?: AbortSignal): Promise<readonly RefusedKey[]> {
  const refused: RefusedKey[] = [];
  const batchable = input.keys.filter(fitsXml);
  for (let start = 0; start < batchable.length; start += KEYS_PER_REQUEST) {
    refused.push(...(await deleteBatch(client, batchable.slice(start, start + KEYS_PER_REQUEST), signal)));
  }
  for (const key of input.keys) {
    if (!fitsXml(key)) refused.push(...(await deleteOne(client, key, signal)));
  }
  return refused;
}
