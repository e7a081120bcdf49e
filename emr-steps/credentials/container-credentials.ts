/** The role of a container (ECS, EKS pod identity, CloudShell), by the address that the environment names ("Container credential provider", SDK reference guide). */
import { readFile } from 'node:fs/promises';
import { ask, type Patience } from './ask.ts';
import type { Credentials } from './credential-provider.ts';
import { CredentialsError } from './credentials-error.ts';
import type { Environment } from './environment-credentials.ts';
import type { SendHttp } from './http-send.ts';
import { credentialsFromJson } from './json-credentials.ts';

/** Whom to ask, and how. */
export interface ContainerCredentialsOptions {
  readonly env: Environment;
  readonly send: SendHttp;
  readonly patience: Patience;
}

const ECS_ORIGIN = 'http://169.254.170.2';
/** Keys go without encryption only to this machine and to the addresses of the services that run on it. */
const PLAIN_HOSTS = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|169\.254\.170\.2|169\.254\.170\.23|\[fd00:ec2::23\])$/;

/** The address that the environment names; null where it names none. @throws {CredentialsError} when it is not allowed */
export function containerMetadataUrl(env: Environment): URL | null {
  const relative = env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
  const text = relative ? `${ECS_ORIGIN}${relative}` : env.AWS_CONTAINER_CREDENTIALS_FULL_URI;
  if (!text) return null;
  const url = URL.parse(text);
  if (url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && PLAIN_HOSTS.test(url.hostname)))) return url;
  throw new CredentialsError('AWS_CONTAINER_CREDENTIALS_FULL_URI is not allowed; it must be an https URL, or http to this machine');
}

/** Asks once. @throws {CredentialsError} */
export async function containerCredentials(url: URL, options: ContainerCredentialsOptions): Promise<Credentials> {
  const authorization = await authorizationOf(options.env);
  const question = { method: 'GET', origin: url.origin, path: `${url.pathname}${url.search}`, headers: { accept: 'application/json', ...authorization } };
  const { status, text } = await ask(options.send, { ...question, body: null }, options.patience);
  const found = status === 200 ? credentialsFromJson(text) : null;
  if (found === null) throw new CredentialsError(`container metadata at ${url.origin} gives no keys (status ${status})`);
  return found;
}

/** The file is read each time, because its token is replaced while the container runs. */
async function authorizationOf(env: Environment): Promise<Record<string, string>> {
  const file = env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
  const token = file ? await readToken(file) : env.AWS_CONTAINER_AUTHORIZATION_TOKEN;
  if (!token) return {};
  if (/[\r\n]/.test(token)) throw new CredentialsError('the container authorization token holds a line break');
  return { authorization: token };
}

async function readToken(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new CredentialsError(`AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
