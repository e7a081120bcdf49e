/** Where the web services of a cluster are, by its client configuration. */
import type { ClientConfiguration } from './client-configuration.ts';

/** Base URLs without a slash at their end. */
export interface WebAddresses {
  /** Every resource manager; of several one is active, and the others send there. */
  readonly resourceManagers: readonly string[];
  readonly history: string;
}

/** Hadoop's own ports. */
const PORTS = { resourceManager: { http: 8088, https: 8090 }, history: { http: 19888, https: 19890 } } as const;

const ANY = '0.0.0.0';

/** The addresses; what no file says is as Hadoop has it by default. */
export function webAddresses(configuration: ClientConfiguration): WebAddresses {
  const resourceManagers = idsOf(configuration).map((id) => resourceManagerAt(configuration, id));
  return { resourceManagers, history: historyAt(configuration, hostOf(resourceManagers[0] as string)) };
}

/** Suffixes of the properties of each resource manager; one without a suffix where there is no high availability. */
function idsOf({ get }: ClientConfiguration): readonly string[] {
  const ids = get('yarn.resourcemanager.ha.enabled') === 'true' ? (get('yarn.resourcemanager.ha.rm-ids') ?? '') : '';
  const suffixes = ids.split(',').flatMap((id) => (id.trim() === '' ? [] : [`.${id.trim()}`]));
  return suffixes.length === 0 ? [''] : suffixes;
}

function resourceManagerAt({ get }: ClientConfiguration, id: string): string {
  const scheme = get('yarn.http.policy') === 'HTTPS_ONLY' ? 'https' : 'http';
  const given = get(`yarn.resourcemanager.webapp${scheme === 'https' ? '.https' : ''}.address${id}`);
  const host = get(`yarn.resourcemanager.hostname${id}`) ?? get('yarn.resourcemanager.hostname') ?? 'localhost';
  return urlOf(scheme, given, host, PORTS.resourceManager[scheme]);
}

/** The history's default names no host that a client could ask: then it is the resource manager's. */
function historyAt({ get }: ClientConfiguration, host: string): string {
  const scheme = get('mapreduce.jobhistory.http.policy') === 'HTTPS_ONLY' ? 'https' : 'http';
  return urlOf(scheme, get(`mapreduce.jobhistory.webapp${scheme === 'https' ? '.https' : ''}.address`), host, PORTS.history[scheme]);
}

function urlOf(scheme: string, address: string | null, host: string, port: number): string {
  const [, name = '', number] = /^(.*?)(?::(\d+))?$/.exec(address ?? '') ?? [];
  return `${scheme}://${name === '' || name === ANY ? host : name}:${number ?? port}`;
}

function hostOf(url: string): string {
  return new URL(url).hostname;
}
