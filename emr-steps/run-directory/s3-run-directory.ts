/** A run's directory in a bucket. S3 is strongly consistent: what was written is read, and a listing holds it. */
import { answerXml, endlessList } from '../s3/answer-text.ts';
import { getObject } from '../s3/get-object.ts';
import { putObject } from '../s3/put-object.ts';
import type { S3Client } from '../s3/s3-client.ts';
import { S3Error } from '../s3/s3-error.ts';
import type { S3Answer } from '../s3/s3-request.ts';
import { decodeListed, queryString } from '../s3/uri.ts';
import { elementsOf, textOf } from '../s3/xml.ts';
import { checkedPath, type RunDirectory, type RunFile, RunFileMissingError } from './run-directory.ts';

/** The directory below a prefix of the client's bucket. @param prefix - without a slash at its end; empty: the bucket's root */
export function s3RunDirectory(client: S3Client, prefix: string): RunDirectory {
  const keyOf = (path: string) => [prefix, checkedPath(path)].filter((part) => part !== '').join('/');
  const base = ['s3:/', client.bucket, prefix].filter((part) => part !== '').join('/');
  return {
    base,
    locate: (path) => `${base}/${checkedPath(path)}`,
    read: (path) => readObject(client, keyOf(path)),
    write: async (path, bytes) => {
      await putObject(client, { key: keyOf(path), body: typeof bytes === 'string' ? Buffer.from(bytes) : bytes });
    },
    list: (folder) => listObjects(client, `${keyOf(folder)}/`, prefix === '' ? 0 : prefix.length + 1),
    openRead: (path) => openObject(client, keyOf(path), `${base}/${path}`),
  };
}

/** The whole object, with the attempts that a client gives one request, and again where the body breaks off; null where there is none. */
async function readObject(client: S3Client, key: string, attempt = 1): Promise<Uint8Array | null> {
  try {
    const { body } = await getObject(client, { key });
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(Uint8Array.from(chunk));
    return Buffer.concat(chunks);
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    if (error.status === 404) return null;
    if (!error.retryable || attempt >= BODY_ATTEMPTS) throw error;
    return readObject(client, key, attempt + 1);
  }
}

/** Times that a small object's body is asked for. */
const BODY_ATTEMPTS = 3;

async function* openObject(client: S3Client, key: string, url: string): AsyncGenerator<Uint8Array> {
  const object = await getObject(client, { key }).catch((error: unknown) => {
    throw error instanceof S3Error && error.status === 404 ? new RunFileMissingError(url) : error;
  });
  yield* object.body;
}

/** Keys below a prefix, as S3 lists them: in byte order. Folder markers and dot files are left out, as on files. */
async function listObjects(client: S3Client, prefix: string, cut: number): Promise<readonly RunFile[]> {
  const files: RunFile[] = [];
  let token: string | null = null;
  for (;;) {
    const query = queryString({ 'continuation-token': token, 'encoding-type': 'url', 'list-type': 2, prefix });
    const request = { operation: 'ListObjectsV2', method: 'GET', key: null, query, root: 'ListBucketResult' } as const;
    const answer: S3Answer = await client.send(request);
    const xml = answerXml(answer);
    const isUrlEncoded = textOf(xml, 'EncodingType') === 'url';
    for (const row of elementsOf(xml, 'Contents')) {
      const key = decodeListed(textOf(row, 'Key') ?? '', isUrlEncoded);
      const hidden =
        key.endsWith('/') ||
        key
          .slice(prefix.length)
          .split('/')
          .some((name) => name.startsWith('.'));
      if (!hidden) files.push({ path: key.slice(cut), size: Number(textOf(row, 'Size')) });
    }
    if (textOf(xml, 'IsTruncated') !== 'true') return files;
    const next: string | null = textOf(xml, 'NextContinuationToken');
    if (next === null || next === token) throw endlessList(client, request, answer);
    token = next;
  }
}
