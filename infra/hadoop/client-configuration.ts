/** Hadoop's client configuration as its own clients read it: the site files of one folder, `${…}` filled in. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Properties by name. */
export interface ClientConfiguration {
  /** The folder, what `HADOOP_CONF_DIR` names. */
  readonly folder: string;
  /** Null where no site file has it: Hadoop's default holds. */
  get(name: string): string | null;
}

/** The folder is not there, or holds no site file. Final. */
export class ClientConfigurationError extends Error {
  override readonly name = 'ClientConfigurationError';
  readonly code = 'HADOOP_CONFIGURATION_MISSING';
  readonly retryable = false;

  constructor(folder: string) {
    super(`${folder} holds none of ${SITES.join(', ')}; let HADOOP_CONF_DIR name the folder of a Hadoop client's configuration`);
  }
}

/** In the order in which Hadoop's clients load them; a later file wins. */
const SITES = ['core-site.xml', 'hdfs-site.xml', 'mapred-site.xml', 'yarn-site.xml'] as const;

/** Values that name each other deeper than this are left as they are, as Hadoop does. */
const DEEPEST = 20;

/** That of this machine: `HADOOP_CONF_DIR`, else `/etc/hadoop/conf`, where distributions have it. @throws ClientConfigurationError */
export async function clientConfigurationOf(env: Readonly<Record<string, string | undefined>>): Promise<ClientConfiguration> {
  return await readClientConfiguration(env.HADOOP_CONF_DIR || '/etc/hadoop/conf', env);
}

/** Reads it. @param env - for `${env.NAME}` @throws ClientConfigurationError */
export async function readClientConfiguration(folder: string, env: Readonly<Record<string, string | undefined>> = {}): Promise<ClientConfiguration> {
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const files = SITES.filter((site) => names.includes(site));
  if (files.length === 0) throw new ClientConfigurationError(folder);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const properties = new Map(texts.flatMap(propertiesOf));
  return { folder, get: (name) => filledIn(properties.get(name) ?? null, properties, env) };
}

/** The properties of one file, in its order. */
function propertiesOf(xml: string): readonly (readonly [string, string])[] {
  const bare = xml.replace(/<!--[\s\S]*?-->/g, '');
  return [...bare.matchAll(/<property>([\s\S]*?)<\/property>/g)].flatMap(([, body = '']) => {
    const [name, value] = [elementOf(body, 'name'), elementOf(body, 'value')];
    return name === null || value === null ? [] : [[name.trim(), value.trim()] as const];
  });
}

function elementOf(xml: string, name: string): string | null {
  const text = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml)?.[1];
  return text === undefined
    ? null
    : text.replace(/<!\[CDATA\[([\s\S]*?)\]\]>|&(?:lt|gt|amp|quot|apos|#\d+|#x[\da-f]+);/gi, (found, data) => data ?? character(found));
}

const NAMED: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&apos;': "'" };

function character(reference: string): string {
  const hex = /^&#x([\da-f]+);$/i.exec(reference)?.[1];
  const decimal = /^&#(\d+);$/.exec(reference)?.[1];
  if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
  return decimal === undefined ? (NAMED[reference] ?? reference) : String.fromCodePoint(Number(decimal));
}

function filledIn(value: string | null, properties: ReadonlyMap<string, string>, env: Readonly<Record<string, string | undefined>>): string | null {
  let text = value;
  for (let depth = 0; text !== null && depth < DEEPEST; depth += 1) {
    const next: string = text.replace(/\$\{([^}$\s]+)\}/g, (found, name: string) => meaningOf(name, properties, env) ?? found);
    if (next === text) break;
    text = next;
  }
  return text;
}

/** `env.NAME` and `env.NAME:-default` are of the environment; everything else is a property. */
function meaningOf(name: string, properties: ReadonlyMap<string, string>, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const [, variable, otherwise] = /^env\.(\w+)(?::?-(.*))?$/.exec(name) ?? [];
  return variable === undefined ? properties.get(name) : (env[variable] ?? otherwise);
}
