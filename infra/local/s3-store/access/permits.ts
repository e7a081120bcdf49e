/** Whether the policies of a resource and of its caller together permit something, by the rules of IAM. */
import { type Question, type Verdict, verdict } from './evaluate.ts';
import type { Policy } from './policy.ts';

/** Something that has an owner and may have a policy. */
export interface Guarded {
  readonly policy: Policy | null;
  /** The account. */
  readonly ownerId: string;
  /** Whether even the owner's own identities need the policy's word, as for roles and keys; a bucket's do not. */
  readonly isClosed: boolean;
  /** What an ACL says beside the policy. @default nothing */
  readonly acl?: 'Allow' | 'Delegate' | null;
}

/** What the caller's own policies say. Without any, as an account's root, a caller may do everything that its account may. */
function identityVerdict(question: Question): Verdict {
  const { policies } = question.caller;
  if (policies === undefined) return 'Allow';
  const verdicts = policies.map((policy) => verdict(policy, question));
  return verdicts.includes('Deny') ? 'Deny' : verdicts.includes('Allow') ? 'Allow' : null;
}

/** A session policy takes away and never gives. */
function isWithinSession(question: Question): boolean {
  const { sessionPolicy } = question.caller;
  return sessionPolicy === undefined || verdict(sessionPolicy, question) === 'Allow';
}

/**
 * Within one account either side may allow (a closed resource must, or name the account); between accounts both must. A Deny on either
 * side settles it.
 */
export function permits({ policy, ownerId, isClosed, acl = null }: Guarded, question: Question): boolean {
  const resource = verdict(policy, question) ?? acl;
  const identity = identityVerdict(question);
  if (resource === 'Deny' || identity === 'Deny' || !isWithinSession(question)) return false;
  const { accountId } = question.caller;
  if (accountId === null) return resource === 'Allow';
  const isAllowed = identity === 'Allow';
  if (accountId !== ownerId) return resource !== null && isAllowed;
  if (isClosed) return resource === 'Allow' || (resource === 'Delegate' && isAllowed);
  return resource === 'Allow' || isAllowed;
}
