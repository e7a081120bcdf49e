/** What the statements depend on beside the request. */
import { sameCredentials } from '../request/access.ts';
import type { RunRequest } from '../request/run-request.ts';
import type { SideName } from './access-need.ts';

/** What of a request decides which rights it needs. */
export type AccessRequest = Pick<RunRequest, 'goal' | 'source' | 'destination' | 'diff' | 'copy' | 'verify' | 'dryRun' | 'runDirectory' | 'partitions'>;

/** What is known beside the request. */
export interface AccessFacts {
  /** ARN of the one role (or user) that reaches buckets and assumes the roles of sides; null: not known. */
  readonly dataRole: string | null;
  /** Accounts that own the buckets, 12 digits. Default: the side's expected owner, else the account of its role, else not known. */
  readonly owners?: Readonly<Partial<Record<SideName, string>>>;
  /** ARNs of customer keys that objects of a side are encrypted with, beside those that the request names: the bucket's default key above all. */
  readonly keys?: Readonly<Partial<Record<SideName, readonly string[]>>>;
}

/** The ARN of whoever reaches a side; null: nobody in particular (anonymous), or not known. */
export function actorArn(request: AccessRequest, { dataRole }: AccessFacts, side: SideName): string | null {
  const { anonymous, role, profile } = request[side];
  if (anonymous) return null;
  return role?.arn ?? (profile === undefined ? dataRole : null);
}

/** The account of an ARN; null where it has none. */
export function accountOf(arn: string | null): string | null {
  return /^arn:[^:]+:[^:]+:[^:]*:(\d{12}):/.exec(arn ?? '')?.[1] ?? null;
}

/** The account that owns a side's bucket; null: not known. */
export function ownerOf(request: AccessRequest, { owners }: AccessFacts, side: SideName): string | null {
  return owners?.[side] ?? request[side].expectedOwner ?? accountOf(request[side].role?.arn ?? null);
}

/** Whether one identity reaches both sides, so that what one side's credentials may, the other's may too. */
export function isOneActor({ source, destination }: AccessRequest): boolean {
  return sameCredentials(source, destination) && source.anonymous === destination.anonymous;
}
