/** The credentials of one side of a run: a profile or the standard chain, and on top of that a role where one is to be assumed. */
import type { CredentialProvider } from './credential-provider.ts';
import type { Environment } from './environment-credentials.ts';
import type { SendHttp } from './http-send.ts';
import { roleCredentials } from './role-credentials.ts';
import { standardCredentials } from './standard-credentials.ts';

/** Who a side is reached as. */
export interface SideCredentialsOptions {
  /** Default: the standard chain. */
  readonly profile?: string | undefined;
  /** Default: none is assumed. */
  readonly role?: { readonly arn: string; readonly externalId?: string | undefined } | undefined;
  /** Of the STS endpoint, for the role and for profiles that assume one. Default: the bucket's; for a profile, what the shared files say. */
  readonly stsRegion?: string | undefined;
  /** The bucket's Region. */
  readonly region?: string | undefined;
  /** The run id. */
  readonly sessionName: string;
  readonly env: Environment;
  readonly send: SendHttp;
  /** Whether this is a node of a cluster. Default: false. */
  readonly isOnNode?: boolean | undefined;
  /** The clock, in milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** Where AWS's tools begin when nobody names a Region. */
const FIRST_REGION = 'us-east-1';

/** The provider; it asks nothing before its first call. @throws {CredentialsError} from the provider */
export function sideCredentials(options: SideCredentialsOptions): CredentialProvider {
  const { role, env } = options;
  const stsRegion = options.stsRegion ?? (env.CARILLON_STS_REGION || options.region || env.AWS_REGION || env.AWS_DEFAULT_REGION || FIRST_REGION);
  const base = baseCredentials(options, stsRegion);
  return role === undefined ? base : roleCredentials({ ...options, ...role, stsRegion, base });
}

/** The standard chain or a profile; where the environment names a data role and no profile is asked for, that role, assumed by the chain. */
function baseCredentials(options: SideCredentialsOptions, stsRegion: string): CredentialProvider {
  const base = standardCredentials(options);
  const arn = options.env.CARILLON_DATA_ROLE_ARN || undefined;
  return arn === undefined || options.profile !== undefined
    ? base
    : roleCredentials({ ...options, arn, externalId: undefined, stsRegion: options.env.CARILLON_STS_REGION || stsRegion, base });
}
