/** The node's own role: the container's where the environment names one, else the instance's; shared by the processes of the node. */
import { createHash } from 'node:crypto';
import { IMPATIENT, PATIENT } from './ask.ts';
import { containerCredentials, containerMetadataUrl } from './container-credentials.ts';
import type { CredentialProvider } from './credential-provider.ts';
import type { Environment } from './environment-credentials.ts';
import type { SendHttp } from './http-send.ts';
import { instanceCredentials, instanceMetadataOrigin } from './instance-credentials.ts';
import { sharedCredentials } from './shared-credentials.ts';
import { sharedDirectory } from './shared-directory.ts';

/** Where a provider runs and what it may use. */
export interface Surroundings {
  readonly env: Environment;
  readonly send: SendHttp;
  /** On a cluster's node: a metadata service that is busy is waited for. Elsewhere there may be none. */
  readonly isOnNode: boolean;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

/** The name of what is shared: what it is, and a hash of what tells it apart. */
export function sharedName(kind: string, ...parts: readonly (string | null)[]): string {
  return `${kind}-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;
}

/** The provider; it asks nothing before its first call and throws {@link CredentialsError} from there. */
export function metadataCredentials(around: Surroundings): CredentialProvider {
  const { env, send, now } = around;
  const patience = around.isOnNode ? PATIENT : IMPATIENT;
  let shared: CredentialProvider | null = null;
  const open = (): CredentialProvider => {
    const url = containerMetadataUrl(env);
    const provider: CredentialProvider =
      url === null ? () => instanceCredentials({ env, send, patience, now }) : () => containerCredentials(url, { env, send, patience });
    const place = url?.href ?? instanceMetadataOrigin(env);
    return place === null ? provider : sharedCredentials({ name: sharedName('metadata', place), directory: sharedDirectory(env), provider, now });
  };
  return async (asked) => {
    shared ??= open();
    return await shared(asked);
  };
}
