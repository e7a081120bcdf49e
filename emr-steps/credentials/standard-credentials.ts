/**
 * The standard chain of AWS: the environment, the shared files, a web identity, the container's or the instance's role; or one profile. The
 * files are read by `@aws-sdk/credential-providers`, which is loaded only where there are some, because that costs 50 ms of CPU in every
 * mapper; the metadata services are asked by this room, because every process of a node asks them.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cachedCredentials } from './cached-credentials.ts';
import type { CredentialProvider, Credentials } from './credential-provider.ts';
import { CredentialsError } from './credentials-error.ts';
import { type Environment, environmentCredentials } from './environment-credentials.ts';
import type { SendHttp } from './http-send.ts';
import { metadataCredentials } from './metadata-credentials.ts';
import { safeReason } from './redaction.ts';

/** Where to look. */
export interface StandardCredentialsOptions {
  /** A profile of the shared files; it alone is asked, and `AWS_PROFILE` and keys in the environment are not. */
  readonly profile?: string | undefined;
  /** Region of the STS endpoint, for profiles that assume a role. */
  readonly stsRegion?: string | undefined;
  /** The process's environment. */
  readonly env: Environment;
  /** Sends requests to the metadata services. */
  readonly send: SendHttp;
  /** Whether this is a node of a cluster, whose metadata service is waited for. Default: false. */
  readonly isOnNode?: boolean | undefined;
  /** The clock, in milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** The SDK would print its warnings to the console. */
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {}

function plain(credentials: Credentials): Credentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }), ...(expiration && { expiration }) };
}

function sdkSettings(options: StandardCredentialsOptions) {
  return { logger: SILENT, ignoreCache: true, ...(options.stsRegion !== undefined && { clientConfig: { region: options.stsRegion } }) };
}

function hasSharedFiles(env: Environment): boolean {
  const folder = join(env.HOME || homedir(), '.aws');
  return existsSync(env.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials')) || existsSync(env.AWS_CONFIG_FILE || join(folder, 'config'));
}

async function ofProfile(profile: string, options: StandardCredentialsOptions): Promise<Credentials> {
  const { fromIni } = await import('@aws-sdk/credential-providers');
  try {
    return plain(await fromIni({ ...sdkSettings(options), profile })());
  } catch (error) {
    throw new CredentialsError(`profile ${JSON.stringify(profile)} gave none; give a profile that stands in the shared files (${safeReason(error)})`);
  }
}

/** The default profile, or a web identity. Null: there is none. */
async function ofFiles(options: StandardCredentialsOptions): Promise<Credentials | null> {
  const hasFiles = hasSharedFiles(options.env);
  if (!hasFiles && !options.env.AWS_WEB_IDENTITY_TOKEN_FILE) return null;
  const { fromIni, fromTokenFile } = await import('@aws-sdk/credential-providers');
  const common = sdkSettings(options);
  const links = [...(hasFiles ? [fromIni(common)] : []), ...(options.env.AWS_WEB_IDENTITY_TOKEN_FILE ? [fromTokenFile(common)] : [])];
  for (const link of links) {
    const found = await link().catch(unlessAbsent);
    if (found !== null) return plain(found);
  }
  return null;
}

/** A link that does not apply says so; any other failure ends the search, because the next link would be another identity. */
function unlessAbsent(error: unknown): null {
  if (error instanceof Error && 'tryNextLink' in error && error.tryNextLink === true) return null;
  throw new CredentialsError(`the shared files or the web identity gave none (${safeReason(error)})`);
}

function nowhere(error: unknown): CredentialsError {
  const where = 'looked in the environment, the shared files, container and instance metadata; set AWS_PROFILE or AWS_ACCESS_KEY_ID, or give a profile';
  return new CredentialsError(`${where} (${error instanceof CredentialsError ? error.reason : safeReason(error)})`);
}

/**
 * The provider of the standard chain, or of one profile; cached until 5 to 10 minutes before the credentials run out. Nothing is asked before
 * the first call.
 *
 * @throws {CredentialsError} from the provider, when there are none
 */
export function standardCredentials(options: StandardCredentialsOptions): CredentialProvider {
  const { env, send, isOnNode = false, now = Date.now } = options;
  const ofNode = metadataCredentials({ env, send, isOnNode, now });
  const ask: CredentialProvider = async (asked) => {
    const profile = options.profile ?? (env.AWS_PROFILE || undefined);
    if (profile !== undefined) return await ofProfile(profile, options);
    const found = environmentCredentials(env) ?? (await ofFiles(options));
    return found ?? (await ofNode(asked).catch((error: unknown) => Promise.reject(nowhere(error))));
  };
  return cachedCredentials(ask, now);
}
