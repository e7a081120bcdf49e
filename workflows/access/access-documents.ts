/** The statements of a run as policies for each owner: our own role, the roles, buckets and keys of the other accounts. */
import { type AccessFacts, type AccessRequest, accountOf, actorArn, ownerOf } from './access-facts.ts';
import type { AccessNeed, SideName } from './access-need.ts';
import { accessOf } from './access-of.ts';
import { bucketStatement, identityStatement, keyStatement, type PolicyDocument, type PolicyStatement, policyOf, trustStatement } from './policy-document.ts';

/** Stands where an ARN belongs that nobody has told. */
export const UNKNOWN_PRINCIPAL = 'arn:aws:iam::000000000000:role/PUT-THE-ARN-OF-THE-DATA-ROLE-HERE';

/** A role that the owner of a bucket makes for us: it trusts our data role alone. */
export interface SideRole {
  readonly arn: string;
  readonly trust: PolicyDocument;
  /** What it may do. */
  readonly policy: PolicyDocument;
}

/** What the owner of a side's bucket has to do. */
export interface SideDocuments {
  /** Null: the request names none, our data role comes itself. */
  readonly role: SideRole | null;
  /** Statements to add to the bucket's policy; null: whoever comes belongs to the bucket's own account. */
  readonly bucketPolicy: PolicyDocument | null;
  /** Statements to add to the policies of keys, by the key's ARN. */
  readonly keyPolicies: Readonly<Record<string, PolicyDocument>>;
}

/** All of it. */
export interface AccessDocuments {
  /** What our data role must be allowed, beside what other owners allow it: assuming roles, and the buckets that it reaches itself. */
  readonly dataRole: PolicyDocument;
  /** What functions and nodes must be allowed, at places of the run itself; empty where the stack has granted it. */
  readonly run: PolicyDocument;
  readonly source: SideDocuments;
  readonly destination: SideDocuments;
}

/** Puts the policies together. */
export function accessDocuments(request: AccessRequest, facts: AccessFacts): AccessDocuments {
  const needs = accessOf(request, facts);
  const ofDataRole = needs.filter(({ actor, of }) => of === 'role' || (actor !== 'run' && request[actor].role === undefined && !request[actor].anonymous));
  return {
    dataRole: policyOf(merged(ofDataRole)),
    run: policyOf(merged(needs.filter(({ actor, of }) => actor === 'run' && of !== 'role'))),
    source: sideDocuments(request, facts, needs, 'source'),
    destination: sideDocuments(request, facts, needs, 'destination'),
  };
}

function sideDocuments(request: AccessRequest, facts: AccessFacts, needs: readonly AccessNeed[], side: SideName): SideDocuments {
  const own = needs.filter(({ owner }) => owner === side);
  return { role: roleOf(request, facts, needs, side), bucketPolicy: bucketPolicyOf(request, facts, own), keyPolicies: keyPoliciesOf(request, facts, own) };
}

/** The role's policy holds all that it does as this side's credentials, at the other side too. */
function roleOf(request: AccessRequest, { dataRole }: AccessFacts, needs: readonly AccessNeed[], side: SideName): SideRole | null {
  const { role } = request[side];
  if (role === undefined) return null;
  const acting = needs.filter(({ actor }) => actor !== 'run' && request[actor].role?.arn === role.arn);
  const trusting = needs.filter(({ of, owner }) => of === 'role' && owner === side);
  return {
    arn: role.arn,
    trust: policyOf(trusting.map((one) => trustStatement(one, [dataRole ?? UNKNOWN_PRINCIPAL]))),
    policy: policyOf(merged(acting)),
  };
}

/** Within one account the identity's own policy is enough; between accounts the bucket must say so as well. */
function bucketPolicyOf(request: AccessRequest, facts: AccessFacts, own: readonly AccessNeed[]): PolicyDocument | null {
  const foreign = own.filter((one) => one.of === 'bucket' && comesFromElsewhere(request, facts, one));
  return foreign.length === 0 ? null : policyOf(bySid(foreign).map((same) => bucketStatement(same[0], principalsOf(request, facts, same))));
}

/** Only between accounts too: the policy that KMS gives a key leaves it to its own account. */
function keyPoliciesOf(request: AccessRequest, facts: AccessFacts, own: readonly AccessNeed[]): Readonly<Record<string, PolicyDocument>> {
  const ofKeys = own.filter(({ of }) => of === 'key');
  const keys = [...new Set(ofKeys.flatMap(({ resources }) => resources))];
  return Object.fromEntries(
    keys.flatMap((key) => {
      const needs = ofKeys.filter((one) => one.resources.includes(key) && accountOf(arnOf(request, facts, one)) !== accountOf(key));
      const statements = bySid(needs).map((same) => keyStatement(same[0], principalsOf(request, facts, same)));
      return statements.length === 0 ? [] : [[key, policyOf(statements)]];
    }),
  );
}

/** Whether somebody of another account than the bucket's comes; where either is not known, perhaps. */
export function comesFromElsewhere(request: AccessRequest, facts: AccessFacts, { actor, owner }: AccessNeed): boolean {
  if (actor === 'run' || owner === 'run') return false;
  const account = accountOf(actorArn(request, facts, actor));
  return account === null || account !== ownerOf(request, facts, owner);
}

function arnOf(request: AccessRequest, facts: AccessFacts, { actor }: AccessNeed): string | null {
  return actor === 'run' ? facts.dataRole : actorArn(request, facts, actor);
}

function principalsOf(request: AccessRequest, facts: AccessFacts, needs: readonly AccessNeed[]): readonly string[] {
  return [...new Set(needs.map((one) => arnOf(request, facts, one) ?? UNKNOWN_PRINCIPAL))];
}

type Same = readonly [AccessNeed, ...AccessNeed[]];

/** Needs of one name, which differ by who has them. */
function bySid(needs: readonly AccessNeed[]): readonly Same[] {
  const sids = [...new Set(needs.map(({ sid }) => sid))];
  return sids.map((sid) => needs.filter((one) => one.sid === sid) as unknown as Same);
}

/** One statement a name. */
function merged(needs: readonly AccessNeed[]): readonly PolicyStatement[] {
  return bySid(needs).map(([first, ...others]) =>
    identityStatement({ ...first, actions: [...new Set([first, ...others].flatMap(({ actions }) => actions))].sort() }),
  );
}
