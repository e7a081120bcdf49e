/** A whole Hadoop on this machine: one JVM a daemon (NameNode, DataNode, ResourceManager, NodeManagers, JobHistoryServer), all on the loopback. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../helpers/free-port.ts';
import { classPath, hadoopJars } from './jars.ts';
import { OPENS, SHORT_LIVED } from './jvm.ts';

/** What a test gets. */
export interface HadoopDaemons {
  /** `hdfs://localhost:<port>`. */
  readonly fileSystem: string;
  /** Folder with the client's configuration. */
  readonly configuration: string;
  readonly resourceManager: string;
  readonly history: string;
  /** Process ids by daemon, such as `nodemanager0`. */
  readonly pids: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

const JVM = [...SHORT_LIVED, OPENS];

/** Of every container, for `yarn.nodemanager.admin-env`: by the environment, because a step's own arguments set `java.opts`. */
export const CONTAINER_ENVIRONMENT = `JAVA_TOOL_OPTIONS=${SHORT_LIVED.join(' ')}`;

/** Writes a site file. */
export function writeSite(file: string, properties: Readonly<Record<string, string | number | boolean>>): void {
  const escaped = (value: unknown) => String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const rows = Object.entries(properties).map(([name, value]) => `<property><name>${name}</name><value>${escaped(value)}</value></property>`);
  writeFileSync(file, `<configuration>\n${rows.join('\n')}\n</configuration>\n`);
}

/** Each *-default.xml overrides core-site.xml, so every site file holds everything; else the client silently runs LocalJobRunner. */
function writeConfiguration(folder: string, properties: Readonly<Record<string, string | number | boolean>>): void {
  mkdirSync(folder, { recursive: true });
  for (const site of ['core', 'hdfs', 'mapred', 'yarn']) writeSite(join(folder, `${site}-site.xml`), properties);
  writeSite(join(folder, 'capacity-scheduler.xml'), {
    'yarn.scheduler.capacity.root.queues': 'default',
    'yarn.scheduler.capacity.root.default.capacity': 100,
    'yarn.scheduler.capacity.maximum-am-resource-percent': 0.5,
  });
  writeFileSync(
    join(folder, 'log4j.properties'),
    'log4j.rootLogger=INFO,e\nlog4j.appender.e=org.apache.log4j.ConsoleAppender\nlog4j.appender.e.target=System.err\nlog4j.appender.e.layout=org.apache.log4j.PatternLayout\nlog4j.appender.e.layout.ConversionPattern=%d{ISO8601} %p %c{2}: %m%n\n',
  );
}

interface Ports {
  readonly [name: string]: string;
}

/** Small memory, short expiries: a lost node is noticed after 10 s and closed after 5 s more. */
function properties(work: string, jars: string, configuration: string, ports: Ports): Readonly<Record<string, string | number | boolean>> {
  const classes = `${configuration},${jars}/*`;
  return {
    'fs.defaultFS': `hdfs://${ports.nameNode}`,
    'hadoop.tmp.dir': join(work, 'tmp'),
    'dfs.replication': 1,
    'dfs.permissions.enabled': false,
    'dfs.namenode.name.dir': join(work, 'name'),
    'dfs.datanode.data.dir': join(work, 'data'),
    'dfs.namenode.rpc-bind-host': '127.0.0.1',
    'dfs.namenode.http-address': ports.nameNodeWeb as string,
    'dfs.datanode.address': '127.0.0.1:0',
    'dfs.datanode.http.address': '127.0.0.1:0',
    'dfs.datanode.ipc.address': '127.0.0.1:0',
    'yarn.resourcemanager.hostname': 'localhost',
    'yarn.resourcemanager.address': ports.resourceManager as string,
    'yarn.resourcemanager.scheduler.address': ports.scheduler as string,
    'yarn.resourcemanager.resource-tracker.address': ports.tracker as string,
    'yarn.resourcemanager.admin.address': ports.admin as string,
    'yarn.resourcemanager.webapp.address': ports.resourceManagerWeb as string,
    'yarn.resourcemanager.nodemanagers.heartbeat-interval-ms': 200,
    'yarn.nm.liveness-monitor.expiry-interval-ms': 10_000,
    'yarn.am.liveness-monitor.expiry-interval-ms': 20_000,
    'yarn.nodemanager.admin-env': CONTAINER_ENVIRONMENT,
    'yarn.nodemanager.aux-services': 'mapreduce_shuffle',
    'mapreduce.shuffle.port': 0,
    'yarn.nodemanager.address': 'localhost:0',
    'yarn.nodemanager.localizer.address': 'localhost:0',
    'yarn.nodemanager.webapp.address': 'localhost:0',
    'yarn.nodemanager.collector-service.address': 'localhost:0',
    'yarn.nodemanager.resource.memory-mb': 4096,
    'yarn.nodemanager.resource.cpu-vcores': 8,
    'yarn.nodemanager.vmem-check-enabled': false,
    'yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage': 100,
    'yarn.scheduler.minimum-allocation-mb': 256,
    'yarn.application.classpath': classes,
    'mapreduce.framework.name': 'yarn',
    'mapreduce.application.classpath': classes,
    'mapreduce.jobhistory.address': ports.history as string,
    'mapreduce.jobhistory.admin.address': ports.historyAdmin as string,
    'mapreduce.jobhistory.webapp.address': ports.historyWeb as string,
    'yarn.app.mapreduce.am.staging-dir': '/tmp/hadoop-yarn/staging',
    'yarn.app.mapreduce.am.resource.mb': 512,
    'yarn.app.mapreduce.am.command-opts': `-Xmx384m ${OPENS}`,
    'mapreduce.map.memory.mb': 512,
    'mapreduce.reduce.memory.mb': 512,
    'mapreduce.map.java.opts': '-Xmx256m',
    'mapreduce.reduce.java.opts': '-Xmx256m',
    'mapreduce.task.io.sort.mb': 50,
    'mapreduce.client.progressmonitor.pollinterval': 300,
    'mapreduce.client.completion.pollinterval': 300,
    'yarn.app.mapreduce.am.scheduler.heartbeat.interval-ms': 200,
    'yarn.client.nodemanager-connect.max-wait-ms': 5000,
    'yarn.client.nodemanager-connect.retry-interval-ms': 1000,
    'mapreduce.task.timeout.check-interval-ms': 1000,
    'fs.s3.impl': 'org.apache.hadoop.fs.s3a.S3AFileSystem',
  };
}

function isOpen(address: string): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(Number(address.split(':')[1]), '127.0.0.1', () => {
      socket.destroy();
      answer(true);
    });
    socket.on('error', () => answer(false));
  });
}

async function readJson(url: string): Promise<unknown> {
  try {
    const answer = await fetch(url);
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}

async function until(what: string, test: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 120_000; Date.now() < end; await sleep(200)) if (await test()) return;
  throw new Error(`no ${what} after two minutes`);
}

/** Starts the daemons below `work`; further properties (S3A's endpoint, say) go into every site file. */
export async function startHadoop(work: string, nodes = 2, further: Readonly<Record<string, string>> = {}): Promise<HadoopDaemons> {
  const jars = hadoopJars();
  const names = ['nameNode', 'nameNodeWeb', 'resourceManager', 'scheduler', 'tracker', 'admin', 'resourceManagerWeb', 'history', 'historyAdmin', 'historyWeb'];
  const ports: Ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, `localhost:${await freePort()}`])));
  const configuration = join(work, 'conf');
  const base = { ...properties(work, jars, configuration, ports), ...further };
  writeConfiguration(configuration, base);
  mkdirSync(join(work, 'logs'), { recursive: true });
  const children = new Map<string, ChildProcess>();
  const daemon = (name: string, folder: string, heapMegabytes: number, main: string) => {
    const log = openSync(join(work, 'logs', `${name}.log`), 'a');
    const args = [`-Xmx${heapMegabytes}m`, ...JVM, '-cp', classPath(jars, folder), main];
    children.set(name, spawn('java', args, { stdio: ['ignore', log, log], cwd: work, env: { ...process.env, HADOOP_HOME: work } }));
  };
  const stop = async () => {
    for (const child of children.values()) child.kill('SIGTERM');
    await Promise.race([Promise.all([...children.values()].map((child) => child.exitCode ?? new Promise((ended) => child.once('exit', ended)))), sleep(5000)]);
    for (const child of children.values()) child.kill('SIGKILL');
  };
  try {
    daemon('resourcemanager', configuration, 512, 'org.apache.hadoop.yarn.server.resourcemanager.ResourceManager');
    const nameNode = 'org.apache.hadoop.hdfs.server.namenode.NameNode';
    execFileSync('java', ['-Xmx256m', ...JVM, '-cp', classPath(jars, configuration), nameNode, '-format', '-nonInteractive', '-force'], { stdio: 'ignore' });
    daemon('namenode', configuration, 256, nameNode);
    for (let node = 0; node < nodes; node += 1) {
      const folder = join(work, `conf-nm${node}`);
      const local = { 'yarn.nodemanager.local-dirs': join(work, `nm${node}`, 'local'), 'yarn.nodemanager.log-dirs': join(work, `nm${node}`, 'logs') };
      writeConfiguration(folder, { ...base, ...local });
      daemon(`nodemanager${node}`, folder, 256, 'org.apache.hadoop.yarn.server.nodemanager.NodeManager');
    }
    await until('NameNode', () => isOpen(ports.nameNode as string));
    daemon('datanode', configuration, 256, 'org.apache.hadoop.hdfs.server.datanode.DataNode');
    daemon('historyserver', configuration, 256, 'org.apache.hadoop.mapreduce.v2.hs.JobHistoryServer');
    type Metrics = { clusterMetrics?: { activeNodes?: number } };
    await until(
      'NodeManagers',
      async () => ((await readJson(`http://${ports.resourceManagerWeb}/ws/v1/cluster/metrics`)) as Metrics)?.clusterMetrics?.activeNodes === nodes,
    );
    type Live = { beans?: readonly { NumLiveDataNodes?: number }[] };
    const state = `http://${ports.nameNodeWeb}/jmx?qry=Hadoop:service=NameNode,name=FSNamesystemState`;
    await until('DataNode', async () => ((await readJson(state)) as Live)?.beans?.[0]?.NumLiveDataNodes === 1);
    await until('JobHistoryServer', () => isOpen(ports.historyWeb as string));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    fileSystem: `hdfs://${ports.nameNode}`,
    configuration,
    resourceManager: ports.resourceManagerWeb as string,
    history: ports.historyWeb as string,
    pids: Object.fromEntries([...children].map(([name, child]) => [name, child.pid as number])),
    stop,
  };
}
