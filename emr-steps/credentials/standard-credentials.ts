/**
 * The standard chain and the profiles of AWS, by `@aws-sdk/credential-providers`; that package is loaded only when the environment alone does
 * not answer, because loading costs 30 ms of CPU in every mapper.
 */
import { cachedCredentials } from './cached-credentials.ts';
import type { CredentialProvider, Credentials } from './credential-provider.ts';
import { CredentialsError } from './credentials-error.ts';
import { type Environment, environmentCredentials } from './environment-credentials.ts';

/** Where to look. */
export interface StandardCredentialsOptions {
  /** A profile of the shared files; it alone is asked, and `AWS_PROFILE` and keys in the environment are not. */
  readonly profile?: string | undefined;
  /** Region of the STS endpoint, for profiles that assume a role. */
  readonly stsRegion?: string | undefined;
  /** The process's environment. */
  readonly env: Environment;
  /** The clock, in milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** Times that instance and container metadata are asked again. */
const METADATA_RETRIES = 3;

/** The SDK would print its warnings to the console. */
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {}

function plain(credentials: Credentials): Credentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }), ...(expiration && { expiration }) };
}

function unavailable(profile: string | undefined, error: unknown): CredentialsError {
  const where =
    profile === undefined
      ? 'looked in the environment, the shared files, container and instance metadata; set AWS_PROFILE or AWS_ACCESS_KEY_ID, or give a profile'
      : `profile ${JSON.stringify(profile)} gave none; give a profile that stands in the shared files`;
  return new CredentialsError(`${where} (${error instanceof Error ? error.message : String(error)})`, error);
}

async function load(options: StandardCredentialsOptions, forceRefresh: boolean): Promise<Credentials> {
  const { fromIni, fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  const common = { logger: SILENT, ignoreCache: true, ...(options.stsRegion !== undefined && { clientConfig: { region: options.stsRegion } }) };
  if (options.profile !== undefined) return fromIni({ ...common, profile: options.profile })();
  return fromNodeProviderChain({ ...common, maxRetries: METADATA_RETRIES })({ forceRefresh });
}

/**
 * The provider of the standard chain, or of one profile; cached until five minutes before the credentials run out. Nothing is asked before the first call.
 *
 * @throws {CredentialsError} from the provider, when there are none
 */
export function standardCredentials(options: StandardCredentialsOptions): CredentialProvider {
  const ask: CredentialProvider = async (asked) => {
    const isEnvironmentFirst = options.profile === undefined && !options.env.AWS_PROFILE;
    const found = isEnvironmentFirst ? environmentCredentials(options.env) : null;
    if (found !== null) return found;
    try {
      return plain(await load(options, asked?.forceRefresh === true));
    } catch (error) {
      throw unavailable(options.profile, error);
    }
  };
  return cachedCredentials(ask, options.now);
}
