/**
 * The role of an EC2 instance, by its metadata service in version 2 alone ("Use the Instance Metadata Service to access instance metadata",
 * EC2 User Guide): a token by PUT, the role's name, its credentials. Three requests.
 */
import { ask, type Patience } from './ask.ts';
import type { Credentials } from './credential-provider.ts';
import { CredentialsError } from './credentials-error.ts';
import type { Environment } from './environment-credentials.ts';
import type { SendHttp } from './http-send.ts';
import { credentialsFromJson, jsonMembers } from './json-credentials.ts';

/** Whom to ask, and how. */
export interface InstanceCredentialsOptions {
  readonly env: Environment;
  readonly send: SendHttp;
  readonly patience: Patience;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

const ROLES = '/latest/meta-data/iam/security-credentials/';
const TOKEN_SECONDS = '300';

/** Milliseconds that credentials are used beyond their end when the service gives no newer ones, as the SDKs do in its outages: 5 to 15 minutes. */
const GRACE_MILLISECONDS = 300_000;

/** Where the service is: scheme, host and port; null where it is switched off. @throws {CredentialsError} when the variable is no URL */
export function instanceMetadataOrigin(env: Environment): string | null {
  if (env.AWS_EC2_METADATA_DISABLED?.toLowerCase() === 'true') return null;
  const given = env.AWS_EC2_METADATA_SERVICE_ENDPOINT;
  if (!given) return env.AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE?.toLowerCase() === 'ipv6' ? 'http://[fd00:ec2::254]' : 'http://169.254.169.254';
  const url = URL.parse(given);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new CredentialsError('AWS_EC2_METADATA_SERVICE_ENDPOINT is no http or https URL; set one such as http://169.254.169.254, or unset it');
  }
  return url.origin;
}

/** Asks once. @throws {CredentialsError} */
export async function instanceCredentials(options: InstanceCredentialsOptions): Promise<Credentials> {
  const origin = instanceMetadataOrigin(options.env);
  if (origin === null) throw new CredentialsError('instance metadata is switched off by AWS_EC2_METADATA_DISABLED');
  const token = await say(options, origin, 'PUT', '/latest/api/token', { 'x-aws-ec2-metadata-token-ttl-seconds': TOKEN_SECONDS });
  const authorized = { 'x-aws-ec2-metadata-token': token };
  const [role = ''] = (await say(options, origin, 'GET', ROLES, authorized)).trim().split('\n');
  const text = await say(options, origin, 'GET', `${ROLES}${encodeURIComponent(role)}`, authorized);
  const found = credentialsFromJson(text);
  if (found === null) throw new CredentialsError(`instance metadata at ${origin} gives no keys for role ${role} (${verdictOf(text)})`);
  return inGrace(found, options.now());
}

async function say(options: InstanceCredentialsOptions, origin: string, method: string, path: string, headers: Record<string, string>): Promise<string> {
  const { status, text } = await ask(options.send, { method, origin, path, headers, body: null }, options.patience);
  if (status === 200) return text;
  const why = status === 404 ? 'the instance has no role: attach an instance profile' : 'version 2 of the service must be allowed';
  throw new CredentialsError(`instance metadata at ${origin} answers ${status} to ${method} ${path}; ${why}`);
}

/** The `Code` of an answer without keys, such as AssumeRoleUnauthorizedAccess; nothing else of it. */
function verdictOf(text: string): string {
  const code = jsonMembers(text)?.Code;
  return typeof code === 'string' && /^[A-Za-z]{1,60}$/.test(code) ? code : 'the answer is malformed';
}

function inGrace(found: Credentials, now: number): Credentials {
  if (found.expiration === undefined || found.expiration.getTime() > now) return found;
  return { ...found, expiration: new Date(now + GRACE_MILLISECONDS * (1 + 2 * Math.random())) };
}
