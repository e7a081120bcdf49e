/** AssumeRole. */
import { randomBytes } from 'node:crypto';
import type { ConditionValues } from '../access/conditions.ts';
import { roleArn } from '../access/evaluate.ts';
import { permits } from '../access/permits.ts';
import { parseIdentityPolicy } from '../access/policy.ts';
import type { Accounts, Caller } from '../accounts.ts';
import type { KnownRole } from '../identities.ts';
import { ServiceError } from '../service-error.ts';
import type { XmlElements } from '../xml-write.ts';
import { invalid, optional, required, type StsForm } from './form.ts';
import { idSigns } from './session-token.ts';

const ROLE_ARN = /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;
const SESSION_POLICY = /^[\t\n\r\x20-\xff]{1,2048}$/;

const LEAST_SECONDS = 900;
const MOST_SECONDS = 43_200;
const USUAL_SECONDS = 3600;
/** A session that was begun by a session lasts no longer. */
const MOST_CHAINED_SECONDS = 3600;

/** Session parameters that change rights or records; better refused than ignored. */
const UNSUPPORTED = /^(PolicyArns|Tags|TransitiveTagKeys|ProvidedContexts|SerialNumber|TokenCode)\b/;

/** Who asks for what. */
export interface StsCall {
  readonly accounts: Accounts;
  readonly caller: Caller;
  readonly form: StsForm;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

function refused({ caller }: StsCall, arn: string): ServiceError {
  return new ServiceError('AccessDenied', { message: `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}` });
}

function conditionValues({ caller }: StsCall, externalId: string | null, sessionName: string): ConditionValues {
  const values: Readonly<Record<string, string | null>> = {
    'sts:externalid': externalId,
    'sts:rolesessionname': sessionName,
    'aws:principalarn': caller.arn === null ? null : (roleArn(caller.arn) ?? caller.arn),
    'aws:principalaccount': caller.accountId,
    'aws:securetransport': 'false',
  };
  return (key) => values[key.toLowerCase()] ?? undefined;
}

/** The role, if the caller may assume it. One that is not there is refused alike, so that nobody learns of roles by trying. */
function assumedRole(call: StsCall, arn: string, conditionValue: ConditionValues): KnownRole {
  const { caller, accounts } = call;
  const role = accounts.role(arn);
  if (caller.arn?.endsWith(':root')) throw new ServiceError('AccessDenied', { message: 'Roles may not be assumed by root accounts.' });
  if (role === undefined) throw refused(call, arn);
  const guarded = { policy: role.trustPolicy, ownerId: role.accountId, isClosed: true };
  if (!permits(guarded, { caller, action: 'sts:AssumeRole', resource: arn, conditionValue })) throw refused(call, arn);
  return role;
}

function sessionSeconds({ caller, form }: StsCall, role: KnownRole): number {
  const text = optional(form, 'DurationSeconds', /^\d{1,9}$/);
  const seconds = text === null ? USUAL_SECONDS : Number(text);
  if (seconds < LEAST_SECONDS) throw invalid('DurationSeconds', `'${seconds}'`, `Member must have value greater than or equal to ${LEAST_SECONDS}`);
  if (seconds > MOST_SECONDS) throw invalid('DurationSeconds', `'${seconds}'`, `Member must have value less than or equal to ${MOST_SECONDS}`);
  if (seconds > MOST_CHAINED_SECONDS && roleArn(caller.arn ?? '') !== null)
    throw new ServiceError('ValidationError', { message: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining' });
  if (seconds > role.maxSessionSeconds)
    throw new ServiceError('ValidationError', { message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.' });
  return seconds;
}

function sessionPolicy(form: StsForm): string | null {
  const text = optional(form, 'Policy', SESSION_POLICY);
  if (text !== null) parseIdentityPolicy(text);
  return text;
}

/** The unique id that IAM gives a role, made from its ARN. */
export function roleId(arn: string): string {
  return `AROA${idSigns(arn, 17)}`;
}

/** AssumeRole: temporary credentials, for an hour where the request says nothing. */
export function assumeRole(call: StsCall): XmlElements {
  const { form, now, accounts } = call;
  const unsupported = [...form.values.keys()].find((name) => UNSUPPORTED.test(name));
  if (unsupported !== undefined) throw new ServiceError('ValidationError', { message: `the store does not take ${unsupported}` });
  const [arn, name] = [required(form, 'RoleArn', ROLE_ARN), required(form, 'RoleSessionName', SESSION_NAME)];
  const [externalId, policy] = [optional(form, 'ExternalId', EXTERNAL_ID), sessionPolicy(form)];
  const role = assumedRole(call, arn, conditionValues(call, externalId, name));
  const expires = (Math.floor(now / 1000) + sessionSeconds(call, role)) * 1000;
  const keys = accounts.beginSession({ roleArn: arn, name, expires, policy, salt: randomBytes(12).toString('base64url') });
  const session = `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${name}`;
  return {
    AssumedRoleUser: { AssumedRoleId: `${roleId(arn)}:${name}`, Arn: session },
    Credentials: {
      AccessKeyId: keys.accessKeyId,
      SecretAccessKey: keys.secretAccessKey,
      SessionToken: keys.sessionToken,
      Expiration: new Date(expires).toISOString().replace('.000', ''),
    },
  };
}
