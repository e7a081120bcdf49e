/** What a run must be allowed to do: statements with a stable name and a reason, from which policies for every owner are put together. */

/** A side of a run. */
export type SideName = 'source' | 'destination';

/** Who does it: the credentials of a side, or what runs the steps and functions (where the run's own files lie). */
export type Actor = SideName | 'run';

/** Conditions of a statement: operator, key, values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** One statement of policies, and why it is there. */
export interface AccessNeed {
  /** Stable over versions: findings, documents and people call it so. Letters and digits. */
  readonly sid: string;
  /** Whose credentials need it. */
  readonly actor: Actor;
  /** Whose bucket, key or role it is about. */
  readonly owner: Actor;
  /** What has a policy of its own: a bucket, a key of KMS, a role. */
  readonly of: 'bucket' | 'key' | 'role';
  /** Such as `s3:GetObject`, sorted. */
  readonly actions: readonly string[];
  /** ARNs, with * at the end at most. */
  readonly resources: readonly string[];
  readonly conditions: Conditions;
  /** What the run does with it; a sentence. */
  readonly reason: string;
  /** False: without it the run works, but less is found out beforehand. */
  readonly essential: boolean;
}

/** A need that has no conditions and is essential unless it says otherwise. */
export function need(own: Omit<AccessNeed, 'conditions' | 'essential'> & Partial<AccessNeed>): AccessNeed {
  return { conditions: {}, essential: true, ...own, actions: own.actions.toSorted() };
}

/** The statement by which a role of another account is assumed, and by which that role trusts. */
export const ASSUME_SIDS: Readonly<Record<SideName, string>> = { source: 'CarillonAssumeSourceRole', destination: 'CarillonAssumeDestinationRole' };
