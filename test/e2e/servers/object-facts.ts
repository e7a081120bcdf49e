/** What an object is, by the vendor's SDK: everything that a copy must keep. */
import { GetObjectTaggingCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Facts by name; of two objects that are the same all are equal. */
export type ObjectFacts = Readonly<Record<string, string>>;

const HEADERS = [
  'ContentType',
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'ExpiresString',
  'WebsiteRedirectLocation',
  'StorageClass',
] as const;

/** The facts; null where there is no such object. */
export async function objectFacts(s3: S3Client, Bucket: string, Key: string): Promise<ObjectFacts | null> {
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key })).catch((error: { $metadata?: { httpStatusCode?: number } }) => {
    if (error.$metadata?.httpStatusCode === undefined) throw error;
    return null;
  });
  if (head === null) return null;
  const headers = HEADERS.flatMap((name) => (head[name] === undefined ? [] : [[name, String(head[name])] as const]));
  const metadata = Object.entries(head.Metadata ?? {}).map(([name, value]) => [`metadata ${name}`, value] as const);
  const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key })).catch(() => ({ TagSet: [] }));
  const tags = TagSet.map(({ Key: name = '', Value: value = '' }) => [`tag ${name}`, value] as const);
  return Object.fromEntries([['ETag', head.ETag ?? ''], ['size', String(head.ContentLength)], ...headers, ...metadata, ...tags]);
}

/** Names of the facts that differ, metadata and tags each as one. */
export function differingFacts(a: ObjectFacts, b: ObjectFacts): readonly string[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name]);
  return [...new Set(names.map((name) => name.replace(/^(metadata|tag) .*$/s, '$1')))].sort();
}
