/**
 * AssumeRole of STS, as one signed request of our own: the SDK's client costs 165 ms of CPU for this single call, ours 18, most of them the
 * first connection's. It is sent by the transport that is there already, to exactly the endpoint that is wanted, and no word of the answer
 * is shown that was not looked at.
 */
import { ask, type Patience, type WholeReply } from './ask.ts';
import type { CredentialProvider, Credentials } from './credential-provider.ts';
import { CredentialsError } from './credentials-error.ts';
import type { SendHttp } from './http-send.ts';
import { withoutSecrets } from './redaction.ts';
import { stsOrigin } from './sts-endpoint.ts';
import { signedFormHeaders } from './sts-signature.ts';

/** The role, and who asks for it. */
export interface AssumeRoleOptions {
  readonly arn: string;
  readonly externalId?: string | undefined;
  /** The run id. */
  readonly sessionName: string;
  /** Of the STS endpoint. */
  readonly region: string;
  /** An endpoint in place of the one of AWS. */
  readonly endpointUrl?: string | undefined;
  /** The identity that the role trusts. */
  readonly base: CredentialProvider;
  readonly send: SendHttp;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

/** A chained session lasts an hour at most, and every role allows that much. */
const DURATION_SECONDS = '3600';
const PATIENCE: Patience = { attempts: 5, timeoutMilliseconds: 10_000, pauseMilliseconds: 500 };
/** STS refuses a signature that is off by more than five minutes. */
const TOLERATED_SKEW_MILLISECONDS = 240_000;
const THROTTLED = /^(?:Throttling|ThrottlingException|ThrottledException|RequestLimitExceeded|TooManyRequestsException)$/;
const EXPIRED = /^ExpiredToken(?:Exception)?$/;

/** What to look at, by code. */
const ADVICE: Readonly<Record<string, string>> = {
  AccessDenied: 'its trust policy must allow the caller (and name the external id, where it wants one), and the caller must be allowed sts:AssumeRole on it',
  InvalidClientTokenId: 'STS there knows no such keys; check the STS Region and its endpoint',
  SignatureDoesNotMatch: 'the secret key does not belong to the key id',
  RegionDisabledException: 'the account has not activated STS in that Region; give another STS Region',
  ExpiredToken: 'the credentials that ask for it have expired',
};

/** Asks once; credentials that STS calls expired, and a wrong clock, are mended once. @throws {CredentialsError} */
export async function assumeRole(options: AssumeRoleOptions): Promise<Credentials> {
  const origin = originOf(options);
  let caller = await options.base();
  let reply = await request(options, origin, caller, 0);
  if (reply.status !== 200 && EXPIRED.test(element(reply, 'Code'))) {
    caller = await options.base({ forceRefresh: true });
    reply = await request(options, origin, caller, 0);
  }
  const skew = skewOf(reply, options.now());
  if ((reply.status === 400 || reply.status === 403) && Math.abs(skew) > TOLERATED_SKEW_MILLISECONDS) reply = await request(options, origin, caller, skew);
  if (reply.status !== 200) throw refusal(options, origin, reply, caller);
  return sessionOf(options, origin, reply);
}

function originOf({ arn, region, endpointUrl }: AssumeRoleOptions): string {
  try {
    return stsOrigin(region, endpointUrl);
  } catch (error) {
    throw new CredentialsError(`role ${arn} cannot be assumed: ${(error as Error).message}`);
  }
}

function request(options: AssumeRoleOptions, origin: string, caller: Credentials, skew: number): Promise<WholeReply> {
  const form = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: options.arn,
    RoleSessionName: sessionName(options.sessionName),
    DurationSeconds: DURATION_SECONDS,
    ...(options.externalId !== undefined && { ExternalId: options.externalId }),
  }).toString();
  const headers = signedFormHeaders(new URL(origin).host, form, options.region, caller, options.now() + skew);
  return ask(options.send, { method: 'POST', origin, path: '/', headers, body: Buffer.from(form) }, PATIENCE, isPassing).catch((error: unknown) => {
    throw new CredentialsError(`role ${options.arn} cannot be assumed: ${(error as Error).message}; nodes without a way out need an endpoint of STS`);
  });
}

/** 2 to 64 signs of a set that run ids keep to; others are replaced. */
function sessionName(name: string): string {
  return name
    .replace(/[^\w+=,.@-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-');
}

function isPassing(reply: WholeReply): boolean {
  return reply.status === 429 || reply.status >= 500 || (reply.status !== 200 && THROTTLED.test(element(reply, 'Code')));
}

function skewOf({ headers }: WholeReply, now: number): number {
  const time = Date.parse(headers.date ?? '');
  return Number.isNaN(time) ? 0 : time - now;
}

/** The text of the first such element; none of those that are read may hold an entity but in a message. */
function element({ text }: WholeReply, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]?.trim() ?? '';
}

function refusal({ arn }: AssumeRoleOptions, origin: string, reply: WholeReply, caller: Credentials): CredentialsError {
  const code = element(reply, 'Code') || 'no code';
  const advice = Object.hasOwn(ADVICE, code) ? `; ${ADVICE[code]}` : '';
  const words = withoutSecrets(element(reply, 'Message') || 'the answer says no more', caller);
  return new CredentialsError(`role ${arn} cannot be assumed at ${origin}: ${withoutSecrets(code, caller)} (status ${reply.status}): ${words}${advice}`);
}

/** The session, with its end by the clock of this machine. */
function sessionOf(options: AssumeRoleOptions, origin: string, reply: WholeReply): Credentials {
  const [accessKeyId, secretAccessKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map((name) => element(reply, name));
  const end = Date.parse(element(reply, 'Expiration'));
  if (!accessKeyId || !secretAccessKey || !sessionToken || Number.isNaN(end)) {
    throw new CredentialsError(`role ${options.arn} cannot be assumed: ${origin} answers without credentials; is it STS?`);
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(end - skewOf(reply, options.now())) };
}
