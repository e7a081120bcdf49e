/** The web services of a cluster, and who asks them. */
import { userInfo } from 'node:os';
import type { ClientConfiguration } from './client-configuration.ts';
import { type Rest, rest } from './rest.ts';
import { webAddresses } from './web-addresses.ts';

/** They. */
export interface WebServices {
  /** Who asks: `HADOOP_USER_NAME`, else this user. */
  readonly user: string;
  readonly resourceManager: Rest;
  readonly history: Rest;
}

/** The services of a client configuration. */
export function webServices(configuration: ClientConfiguration, env: Readonly<Record<string, string | undefined>>): WebServices {
  const user = env.HADOOP_USER_NAME || userInfo().username;
  const { resourceManagers, history } = webAddresses(configuration);
  return { user, resourceManager: rest(resourceManagers, user), history: rest([history], user) };
}
