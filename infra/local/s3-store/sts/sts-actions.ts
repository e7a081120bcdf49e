/** What STS answers: AssumeRole and GetCallerIdentity. */
import { randomUUID } from 'node:crypto';
import { roleArn } from '../access/evaluate.ts';
import type { Answer } from '../answer.ts';
import { ServiceError } from '../service-error.ts';
import type { XmlElements } from '../xml-write.ts';
import { assumeRole, roleId, type StsCall } from './assume-role.ts';
import type { StsForm } from './form.ts';
import { idSigns } from './session-token.ts';
import { stsAnswer } from './sts-answer.ts';

function userId(accountId: string, arn: string): string {
  if (arn.endsWith(':root')) return accountId;
  const role = roleArn(arn);
  return role === null ? `AIDA${idSigns(arn, 17)}` : `${roleId(role)}:${arn.slice(arn.lastIndexOf('/') + 1)}`;
}

/** GetCallerIdentity needs no right. */
function getCallerIdentity({ caller: { accountId, arn } }: StsCall): XmlElements {
  return { Arn: arn, UserId: userId(accountId ?? '', arn ?? ''), Account: accountId };
}

const ACTIONS: Readonly<Record<string, (call: StsCall) => XmlElements>> = { AssumeRole: assumeRole, GetCallerIdentity: getCallerIdentity };

/** The action that a form names; `MissingAction`, `InvalidAction`. */
export function stsAction({ values }: StsForm): string {
  const action = values.get('Action');
  if (action === null) throw new ServiceError('MissingAction');
  if (ACTIONS[action] === undefined || values.get('Version') !== '2011-06-15')
    throw new ServiceError('InvalidAction', { message: `Could not find operation ${action} for version ${values.get('Version') ?? 'NO_VERSION_SPECIFIED'}` });
  return action;
}

/** Runs an action; nobody may call one unsigned. */
export function runStsAction(action: string, call: StsCall): Answer {
  if (call.caller.arn === null) throw new ServiceError('MissingAuthenticationToken');
  return stsAnswer(action, ACTIONS[action]?.(call) ?? {}, randomUUID());
}
