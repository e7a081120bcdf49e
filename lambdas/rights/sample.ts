/** Objects of a bucket on which rights to read are tried. */
import { answerXml } from '../../emr-steps/s3/answer-text.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { decodeListed, queryString } from '../../emr-steps/s3/uri.ts';
import { elementsOf, textOf } from '../../emr-steps/s3/xml.ts';

/** An object as the listing shows it. */
export interface SampleObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
}

/** Objects that are looked at: enough to meet one that is neither archived nor a mere folder. */
const LOOKED_AT = 20;
const ARCHIVED = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** The smallest object of the first few that can be read and is not empty, else any of them; null where there is none. */
export async function sampleObject(client: S3Client, prefix: string): Promise<SampleObject | null> {
  const query = queryString({ 'encoding-type': 'url', 'list-type': 2, 'max-keys': LOOKED_AT, prefix: prefix || null });
  const xml = answerXml(await client.send({ operation: 'ListObjectsV2', method: 'GET', key: null, query, root: 'ListBucketResult' }));
  const isUrl = textOf(xml, 'EncodingType') === 'url';
  const rows = elementsOf(xml, 'Contents')
    .filter((row) => !ARCHIVED.has(textOf(row, 'StorageClass') ?? ''))
    .map((row) => ({ key: decodeListed(textOf(row, 'Key') ?? '', isUrl), size: Number(textOf(row, 'Size')) }));
  return rows.filter(({ size }) => size > 0).toSorted((a, b) => a.size - b.size)[0] ?? rows[0] ?? null;
}
