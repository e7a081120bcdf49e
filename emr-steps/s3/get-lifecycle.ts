/** GetBucketLifecycleConfiguration: what becomes of objects and uploads by themselves. */
import { answerXml } from './answer-text.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import { elementsOf, nextElement, textOf } from './xml.ts';

/** A rule that is enabled, as far as a copy is concerned. */
export interface LifecycleRule {
  readonly id: string;
  /** What keys begin with; empty: every key. */
  readonly prefix: string;
  /** Whether it holds only for some objects below the prefix, by tag or size. */
  readonly isNarrower: boolean;
  /** Days after which objects expire, or the day on which they do, ISO 8601; null: never by this rule. */
  readonly expires: number | string | null;
  /** Days after which open multipart uploads are aborted; null: never by this rule. */
  readonly abortsUploadsAfterDays: number | null;
  /** Classes that objects are moved to, with the days. */
  readonly transitions: readonly { readonly storageClass: string; readonly days: number | null }[];
}

/** The enabled rules; none where the bucket has no configuration. */
export async function getLifecycle(client: S3Client, signal?: AbortSignal): Promise<readonly LifecycleRule[]> {
  const request = { operation: 'GetBucketLifecycleConfiguration', method: 'GET', key: null, query: 'lifecycle=', root: 'LifecycleConfiguration' } as const;
  try {
    const rules = elementsOf(answerXml(await client.send(request, signal)), 'Rule');
    return rules.filter((rule) => textOf(rule, 'Status')?.trim() === 'Enabled').map(ruleOf);
  } catch (error) {
    if (error instanceof S3Error && error.code === 'NoSuchLifecycleConfiguration') return [];
    throw error;
  }
}

function ruleOf(rule: string): LifecycleRule {
  const filter = nextElement(rule, 'Filter')?.content ?? '';
  const expiration = nextElement(rule, 'Expiration')?.content ?? '';
  const abort = nextElement(rule, 'AbortIncompleteMultipartUpload')?.content ?? '';
  return {
    id: textOf(rule, 'ID') ?? '',
    prefix: textOf(filter === '' ? rule : filter, 'Prefix') ?? '',
    isNarrower: /<(?:Tag|ObjectSizeGreaterThan|ObjectSizeLessThan)>/.test(filter),
    expires: daysIn(expiration) ?? textOf(expiration, 'Date'),
    abortsUploadsAfterDays: numberOf(textOf(abort, 'DaysAfterInitiation')),
    transitions: elementsOf(rule, 'Transition').map((one) => ({ storageClass: textOf(one, 'StorageClass') ?? '', days: daysIn(one) })),
  };
}

function daysIn(xml: string): number | null {
  return numberOf(textOf(xml, 'Days'));
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}
