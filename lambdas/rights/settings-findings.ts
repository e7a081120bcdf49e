/** What the settings of both buckets mean for a run. Pure. */
import type { LifecycleRule } from '../../emr-steps/s3/get-lifecycle.ts';
import type { ObjectLock } from '../../emr-steps/s3/get-object-lock.ts';
import type { SideName } from '../../workflows/access/access-need.ts';
import type { RunFinding } from '../../workflows/events/run-finding.ts';
import { hidesEtags } from '../../workflows/request/comparison.ts';
import { writes } from '../../workflows/request/goal.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { type Asked, type DestinationSettings, type SourceSettings, valueOr } from './bucket-settings.ts';

/** Days below which an abort of uploads may meet a run that is still at work. */
const LONG_RUN_DAYS = 7;

/** They. @param crossesAccounts - whether another account than the bucket's owner writes; null: not known */
export function settingsFindings(
  request: RunRequest,
  source: SourceSettings,
  destination: DestinationSettings,
  crossesAccounts: boolean | null,
): readonly RunFinding[] {
  const isWritten = writes(request);
  return [
    ...unread('source', source),
    ...unread('destination', isWritten ? destination : { encryption: destination.encryption }),
    ...(isWritten ? writingFindings(request, destination, crossesAccounts) : []),
  ];
}

function writingFindings(request: RunRequest, settings: DestinationSettings, crossesAccounts: boolean | null): readonly RunFinding[] {
  return [
    ...encryptionFindings(request, valueOr(settings.encryption, null)?.algorithm ?? null),
    ...(settings.ownership.known ? ownershipFindings(request, settings.ownership.value, crossesAccounts) : []),
    ...lifecycleFindings(request, valueOr(settings.lifecycle, [])),
    ...lockFindings(valueOr(settings.objectLock, null)),
  ];
}

function finding(code: string, level: RunFinding['level'], about: RunFinding['about'], message: string): RunFinding {
  return { code, level, about, message };
}

function unread(side: SideName, settings: Readonly<Partial<Record<string, Asked<unknown>>>> | SourceSettings): readonly RunFinding[] {
  const denied = Object.entries(settings).filter(([, asked]) => asked !== undefined && !asked.known && asked.why === 'denied');
  if (denied.length === 0) return [];
  const name = side === 'source' ? 'CarillonSourceSettings' : 'CarillonDestinationSettings';
  const what = denied.map(([setting]) => setting).join(', ');
  return [
    finding(
      'settings-unreadable',
      'notice',
      side,
      `the ${side}'s settings (${what}) may not be read, so that nothing can be said of them; the statement ${name} would allow it`,
    ),
  ];
}

function encryptionFindings(request: RunRequest, algorithm: string | null): readonly RunFinding[] {
  const { kind, keyMap } = request.copy.encryption;
  const isDefault = keyMap === undefined && (kind === 'bucket-default' || kind === 'keep');
  if (!isDefault || !hidesEtags(algorithm)) return [];
  return [
    finding(
      'etags-change',
      'warning',
      'destination',
      `the destination encrypts by ${algorithm} by itself, so that every copy gets another ETag: copies are proven by size and checksum, and a later diff by ETag would find everything different; compare by size, or verify against the ledger of this run`,
    ),
  ];
}

function ownershipFindings({ copy: { acl } }: RunRequest, ownership: string | null, crossesAccounts: boolean | null): readonly RunFinding[] {
  if (ownership === 'BucketOwnerEnforced')
    return acl === 'copy'
      ? [
          finding(
            'acls-disabled',
            'warning',
            'destination',
            'the destination has ACLs disabled (BucketOwnerEnforced): grants of the source are lost, each is counted as drift',
          ),
        ]
      : [];
  if (acl !== 'none' || crossesAccounts !== true) return [];
  return [
    finding(
      'writer-owns-objects',
      'warning',
      'destination',
      "the destination has ACLs enabled and belongs to another account: what is written without an ACL belongs to the writer, and the bucket's owner cannot read it; write copy.acl bucket-owner-full-control, or have ACLs disabled there (BucketOwnerEnforced)",
    ),
  ];
}

function lifecycleFindings({ destination: { prefix } }: RunRequest, rules: readonly LifecycleRule[]): readonly RunFinding[] {
  const meeting = rules.filter((rule) => rule.prefix.startsWith(prefix) || prefix.startsWith(rule.prefix));
  return meeting.flatMap((rule) => [...abortFinding(rule), ...expiryFinding(rule), ...transitionFinding(rule)]);
}

function abortFinding({ id, abortsUploadsAfterDays: days }: LifecycleRule): readonly RunFinding[] {
  if (days === null || days >= LONG_RUN_DAYS) return [];
  const message = `the lifecycle rule ${JSON.stringify(id)} of the destination aborts uploads after ${days} days: where a run takes longer, large objects are planned and copied again; let the rule wait ${LONG_RUN_DAYS} days or longer than the run`;
  return [finding('uploads-aborted-by-lifecycle', 'warning', 'destination', message)];
}

function expiryFinding({ id, expires, isNarrower }: LifecycleRule): readonly RunFinding[] {
  if (expires === null) return [];
  const when = typeof expires === 'number' ? `${expires} days after they were copied` : `on ${expires}`;
  const message = `the lifecycle rule ${JSON.stringify(id)} of the destination lets ${isNarrower ? 'some of the copies' : 'copies'} expire ${when}`;
  return [finding('copies-expire', 'warning', 'destination', message)];
}

function transitionFinding({ id, transitions, isNarrower }: LifecycleRule): readonly RunFinding[] {
  if (transitions.length === 0) return [];
  const where = transitions.map(({ storageClass, days }) => (days === null ? storageClass : `${storageClass} after ${days} days`)).join(', ');
  const message = `the lifecycle rule ${JSON.stringify(id)} of the destination moves ${isNarrower ? 'some of the copies' : 'copies'} to ${where}`;
  return [finding('copies-change-class', 'notice', 'destination', message)];
}

function lockFindings(lock: ObjectLock | null): readonly RunFinding[] {
  if (lock?.retention == null) return [];
  const { mode, days, years } = lock.retention;
  const period = days === null ? `${years} years` : `${days} days`;
  const message = `the destination locks every new object for ${period} (${mode}): no version that this run writes can be removed before, and each further copy of a key adds a version`;
  return [finding('copies-are-locked', 'warning', 'destination', message)];
}
