/** ARNs of what a side has, as policies write them. */
import type { RunSide } from '../request/side.ts';

/** `aws`, `aws-cn` or `aws-us-gov`, by the Region or a role of the side. */
export function partitionOf({ region, role }: Pick<RunSide, 'region' | 'role'>): string {
  if (region?.startsWith('cn-')) return 'aws-cn';
  if (region?.startsWith('us-gov-')) return 'aws-us-gov';
  return role?.arn.split(':')[1] ?? 'aws';
}

/** The bucket. */
export function bucketArn(side: RunSide): string {
  return `arn:${partitionOf(side)}:s3:::${side.bucket}`;
}

/** Every object below the side's prefix. */
export function objectsArn(side: RunSide): string {
  return `${bucketArn(side)}/${literal(side.prefix)}*`;
}

/** Text that stands for itself in a resource or a StringLike: `*`, `?` and `$` mean something there. */
export function literal(text: string): string {
  return text.replace(/[*?$]/g, (sign) => `\${${sign}}`);
}

/** The service principal's name by which S3 of a side's Region uses keys. */
export function viaS3(side: RunSide): string {
  const suffix = partitionOf(side) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `s3.${side.region ?? '*'}.${suffix}`;
}
