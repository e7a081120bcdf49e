/** A refusal in words that help: what was refused to whom, by which statement it would be allowed, and where that belongs. */
import { comesFromElsewhere } from '../../workflows/access/access-documents.ts';
import { type AccessFacts, accountOf, actorArn } from '../../workflows/access/access-facts.ts';
import type { AccessNeed } from '../../workflows/access/access-need.ts';
import { accessOf } from '../../workflows/access/access-of.ts';
import { identityStatement } from '../../workflows/access/policy-document.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { type Denial, namedPrincipal } from './denial.ts';

/** What is known of whoever was refused. */
export interface DenialContext {
  readonly request: RunRequest;
  readonly facts: AccessFacts;
  /** ARN of the session or user, by GetCallerIdentity; null: STS does not say. */
  readonly principal: string | null;
}

/** A sentence for each statement that is missing, the first denial first. */
export function explainDenials(denials: readonly Denial[], contextOf: (denial: Denial) => DenialContext): readonly string[] {
  const sentences = new Map<string, string>();
  for (const denial of denials) {
    const context = contextOf(denial);
    const need = neededFor(denial, context);
    const name = `${denial.actor} ${need?.sid ?? denial.action}`;
    if (!sentences.has(name)) sentences.set(name, explained(denial, need, context));
  }
  return [...sentences.values()];
}

/** The statement that would allow it; undefined where the run never asks for that. */
function neededFor({ actor, owner, action, sid }: Denial, { request, facts }: DenialContext): AccessNeed | undefined {
  const own = accessOf(request, facts).filter((one) => one.actor === actor && one.owner === owner && one.actions.includes(action));
  return own.find((one) => one.sid === sid) ?? own[0];
}

function explained(denial: Denial, need: AccessNeed | undefined, context: DenialContext): string {
  const { owner, action, error } = denial;
  const { bucket } = context.request[owner];
  const who = namedPrincipal(error) ?? context.principal ?? namedIn(denial, context);
  const where = error.key === null ? `s3://${bucket}` : `s3://${bucket}/${error.key}`;
  const denied = `${owner} ${where}: ${action} is denied to ${who}`;
  if (/explicit deny/i.test(error.reason))
    return `${denied} by an explicit Deny (${error.reason}), which no Allow outweighs; whoever wrote it must take it back`;
  if (need === undefined) return `${denied}: ${error.reason}`;
  return `${denied}; the statement ${need.sid} would allow it, ${placesOf(denial, need, context)}: ${JSON.stringify(identityStatement(need))} (${need.reason} carillon access REQUEST.json prints all policies of the run)`;
}

/** Without a word of STS: the role that is assumed, the profile. */
function namedIn({ actor }: Denial, { request, facts }: DenialContext): string {
  const { profile, role } = request[actor];
  if (role !== undefined) return role.arn;
  return profile === undefined ? (facts.dataRole ?? 'the credentials of the run') : `the credentials of profile ${profile}`;
}

/** AWS says within an account which kind of policy says nothing; between accounts it says nothing, and both must allow. */
function placesOf(denial: Denial, need: AccessNeed, { request, facts, principal }: DenialContext): string {
  const arn = actorArn(request, facts, denial.actor) ?? principal;
  const identity = `in the policies of ${arn ?? 'whoever runs'}`;
  const resource = resourcePlace(denial, need, request);
  if (/no identity-based policy/.test(denial.error.reason)) return identity;
  if (/no resource-based policy/.test(denial.error.reason)) return resource;
  const elsewhere = need.of === 'key' ? isForeignKey(need, arn) : comesFromElsewhere(request, { ...facts, dataRole: arn }, need);
  return elsewhere ? `${identity} and, where that is another account's, ${resource} too` : identity;
}

function isForeignKey({ resources }: AccessNeed, arn: string | null): boolean {
  return arn === null || resources.some((key) => accountOf(key) !== accountOf(arn));
}

function resourcePlace({ owner }: Denial, need: AccessNeed, request: RunRequest): string {
  const { bucket } = request[owner];
  if (need.of !== 'key') return `in the policy of the bucket ${bucket} (with a Principal)`;
  return `in the policy of the key ${need.resources.join(', ')} (with a Principal; aws/s3, the key that AWS manages, never serves another account)`;
}
