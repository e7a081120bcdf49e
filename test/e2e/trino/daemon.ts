/** Trino 368, the newest on Maven Central that runs on Java 17, with a Hive catalogue on a file metastore and S3 on the loopback. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../helpers/free-port.ts';
import { E2E_CACHE } from '../hadoop/jars.ts';
import { query } from './client.ts';

const VERSION = '368';
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1';

/** A Trino that answers. */
export interface Trino {
  readonly url: string;
  stop(): Promise<void>;
}

/** The unpacked server; only the plugin for Hive is kept (230 MB of 650), and plugins share jars by hard links, so all is unpacked first. */
export function trinoServer(): string {
  const folder = join(E2E_CACHE, 'trino', `trino-server-${VERSION}`);
  if (existsSync(folder)) return folder;
  const making = join(E2E_CACHE, 'trino', `making-${process.pid}`);
  mkdirSync(making, { recursive: true });
  const artifact = `-Dartifact=io.trino:trino-server:${VERSION}:tar.gz`;
  for (const goal of [`${PLUGIN}:get`, `${PLUGIN}:copy`])
    execFileSync('mvn', ['-B', '-q', goal, artifact, '-Dtransitive=false', `-DoutputDirectory=${making}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync('tar', ['-xzf', join(making, `trino-server-${VERSION}.tar.gz`), '-C', making]);
  const plugins = join(making, `trino-server-${VERSION}`, 'plugin');
  for (const name of readdirSync(plugins)) if (name !== 'hive') rmSync(join(plugins, name), { recursive: true });
  renameSync(join(making, `trino-server-${VERSION}`), folder);
  rmSync(making, { recursive: true, force: true });
  return folder;
}

function properties(entries: Readonly<Record<string, string>>): string {
  return `${Object.entries(entries)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}

/** Who may read and write, and where. Trino 368 signs for us-east-1 at an endpoint of one's own. */
export interface TrinoStorage {
  readonly endpointUrl: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What the server is told, by file below `etc`. */
function settings(work: string, server: string, port: number, storage: TrinoStorage): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return {
    'config.properties': {
      coordinator: 'true',
      'node-scheduler.include-coordinator': 'true',
      'http-server.http.port': String(port),
      'discovery.uri': `http://127.0.0.1:${port}`,
      'query.max-memory': '600MB',
      'query.max-memory-per-node': '500MB',
      'query.max-total-memory-per-node': '800MB',
      'catalog.config-dir': join(work, 'etc', 'catalog'),
      'plugin.dir': join(server, 'plugin'),
    },
    'log.properties': { 'io.trino': 'WARN' },
    'catalog/hive.properties': {
      'connector.name': 'hive',
      'hive.metastore': 'file',
      'hive.metastore.user': 'root',
      'hive.metastore.catalog.dir': `file://${join(work, 'metastore')}`,
      'hive.allow-drop-table': 'true',
      'hive.non-managed-table-writes-enabled': 'true',
      'hive.non-managed-table-creates-enabled': 'true',
      'hive.recursive-directories': 'true',
      // Athena's UNLOAD writes gzip.
      'hive.compression-codec': 'GZIP',
      'hive.s3.endpoint': storage.endpointUrl,
      'hive.s3.path-style-access': 'true',
      'hive.s3.ssl.enabled': 'false',
      // A bucket without ACLs takes no other than this one.
      'hive.s3.upload-acl-type': 'BUCKET_OWNER_FULL_CONTROL',
      'hive.s3.aws-access-key': storage.accessKeyId,
      'hive.s3.aws-secret-key': storage.secretAccessKey,
    },
  };
}

const JVM = [
  '-server',
  '-Xmx1200m',
  '-XX:+UseG1GC',
  '-XX:+UnlockDiagnosticVMOptions',
  '-Djdk.attach.allowAttachSelf=true',
  '--add-opens=java.base/java.nio=ALL-UNNAMED',
  '--add-opens=java.base/java.lang=ALL-UNNAMED',
  '-Dnode.environment=test',
  '-Dnode.id=local',
  '-Dnode.internal-address=127.0.0.1',
];

/** Starts it below `work`; a minute on a busy machine. */
export async function startTrino(work: string, storage: TrinoStorage): Promise<Trino> {
  const [server, port] = [trinoServer(), await freePort()];
  const etc = join(work, 'etc');
  for (const folder of [join(etc, 'catalog'), join(work, 'data')]) mkdirSync(folder, { recursive: true });
  for (const [file, entries] of Object.entries(settings(work, server, port, storage))) writeFileSync(join(etc, file), properties(entries));
  const log = openSync(join(work, 'trino.log'), 'a');
  const own = [`-Dnode.data-dir=${join(work, 'data')}`, `-Dlog.levels-file=${join(etc, 'log.properties')}`, `-Dconfig=${join(etc, 'config.properties')}`];
  const child = spawn('java', [...JVM, ...own, '-cp', join(server, 'lib', '*'), 'io.trino.server.TrinoServer'], {
    cwd: join(work, 'data'),
    stdio: ['ignore', log, log],
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await answering(url, child);
    return { url, stop: () => stopped(child) };
  } catch (error) {
    await stopped(child);
    throw error;
  }
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (const end = Date.now() + 180_000; Date.now() < end && child.exitCode === null; await sleep(500)) {
    const rows = await query(url, 'SELECT count(*) FROM system.runtime.nodes').catch(() => null);
    if (rows !== null) return;
  }
  throw new Error('Trino does not answer after three minutes');
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([exit, sleep(5_000)]);
  child.kill('SIGKILL');
  await exit;
}
