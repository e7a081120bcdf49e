/** The rights of a run for people: what each statement is for, and the documents for each owner. */
import type { AccessDocuments, SideDocuments } from '../../workflows/access/access-documents.ts';
import type { AccessNeed } from '../../workflows/access/access-need.ts';
import type { PolicyDocument } from '../../workflows/access/policy-document.ts';

/** The page. @param request - the file that it came from, as commands name it */
export function accessText(needs: readonly AccessNeed[], documents: AccessDocuments, request: string): string {
  const parts = [
    reasons(needs),
    documentOf('Our data role: an identity policy', documents.dataRole),
    documentOf('Functions and nodes of the stack: at the places of the run itself', documents.run),
    ...sideParts('source', documents.source),
    ...sideParts('destination', documents.destination),
    checks(documents, request),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function reasons(needs: readonly AccessNeed[]): string {
  const sids = [...new Set(needs.map(({ sid }) => sid))];
  const width = Math.max(...sids.map((sid) => sid.length));
  const lines = sids.map((sid) => `  ${sid.padEnd(width)}  ${needs.find((one) => one.sid === sid)?.reason ?? ''}`);
  return ['What each statement is for', ...lines].join('\n');
}

function sideParts(name: string, { role, bucketPolicy, keyPolicies }: SideDocuments): readonly string[] {
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  return [
    ...(role === null ? [] : [documentOf(`${capital}: trust policy of ${role.arn}`, role.trust), documentOf(`${capital}: policy of ${role.arn}`, role.policy)]),
    ...(bucketPolicy === null ? [] : [documentOf(`${capital}: statements for the bucket's policy, where the bucket is another account's`, bucketPolicy)]),
    ...Object.entries(keyPolicies).map(([key, policy]) => documentOf(`${capital}: statements for the policy of ${key}`, policy)),
  ];
}

function documentOf(title: string, policy: PolicyDocument): string {
  return policy.Statement.length === 0 ? '' : `${title}\n${JSON.stringify(policy, null, 2)}`;
}

function checks({ source, destination }: AccessDocuments, request: string): string {
  const roles = [source.role, destination.role].flatMap((role) => (role === null ? [] : [role.arn]));
  return [
    'To check them',
    `  carillon run ${request}                probes every right before anything starts, and explains the first that is missing`,
    `  aws accessanalyzer validate-policy --policy-type IDENTITY_POLICY --policy-document file://POLICY.json`,
    ...roles.map((arn) => `  aws sts assume-role --role-arn ${arn} --role-session-name check   (as the data role, with the external id)`),
  ].join('\n');
}
