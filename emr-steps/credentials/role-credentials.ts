/** A role, assumed once per node for a run, Region and external id, and shared by every process there until shortly before it runs out. */
import { assumeRole } from './assume-role.ts';
import { cachedCredentials } from './cached-credentials.ts';
import type { CredentialProvider } from './credential-provider.ts';
import type { Environment } from './environment-credentials.ts';
import type { SendHttp } from './http-send.ts';
import { sharedName } from './metadata-credentials.ts';
import { sharedCredentials } from './shared-credentials.ts';
import { sharedDirectory } from './shared-directory.ts';

/** The role, and who asks for it. */
export interface RoleCredentialsOptions {
  readonly arn: string;
  readonly externalId?: string | undefined;
  /** The run id; who assumed the role is found by it in the trail of the account. */
  readonly sessionName: string;
  /** Of the STS endpoint. `AWS_ENDPOINT_URL_STS` or `AWS_ENDPOINT_URL` in the environment name another endpoint. */
  readonly stsRegion: string;
  /** The identity that the role trusts; asked only by the process that assumes the role. */
  readonly base: CredentialProvider;
  readonly env: Environment;
  readonly send: SendHttp;
  /** The clock, in milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** The provider; it asks nothing before its first call. @throws {CredentialsError} from the provider */
export function roleCredentials(options: RoleCredentialsOptions): CredentialProvider {
  const { arn, externalId, sessionName, stsRegion: region, base, env, send, now = Date.now } = options;
  const endpointUrl = env.AWS_ENDPOINT_URL_STS || env.AWS_ENDPOINT_URL || undefined;
  const name = sharedName('role', arn, externalId ?? null, sessionName, region, endpointUrl ?? null);
  const provider: CredentialProvider = () => assumeRole({ arn, externalId, sessionName, region, endpointUrl, base, send, now });
  return cachedCredentials(sharedCredentials({ name, directory: sharedDirectory(env), provider, now }), now);
}
