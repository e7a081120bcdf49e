/** Settings under which Hive 3.1.3 and Tez run in one process; each was needed (docs/hive-athena.md). */

/** Packages of the JDK whose private members Hive reads. */
export const OPENED_PACKAGES = [
  ...['lang', 'util', 'net', 'io', 'nio', 'text', 'time', 'math', 'util.concurrent', 'util.concurrent.atomic', 'util.regex'].map((name) => `java.${name}`),
  'sun.nio.ch',
] as const;

/** What `s3://` means: S3A at one endpoint, with the keys of the environment. */
export function s3aSite(endpointUrl: string, region: string): Readonly<Record<string, string>> {
  return {
    'fs.s3.impl': 'org.apache.hadoop.fs.s3a.S3AFileSystem',
    'fs.s3a.endpoint': endpointUrl,
    'fs.s3a.endpoint.region': region,
    'fs.s3a.path.style.access': 'true',
    'fs.s3a.connection.ssl.enabled': 'false',
    'fs.s3a.aws.credentials.provider': 'com.amazonaws.auth.EnvironmentVariableCredentialsProvider',
  };
}

/** The metastore is a Derby database in a folder, so that tables that a run left would be there for the next one. */
export function hiveSite(metastore: string): Readonly<Record<string, string>> {
  const scratch = (name: string): string => `\${java.io.tmpdir}/${name}`;
  return {
    'javax.jdo.option.ConnectionURL': `jdbc:derby:;databaseName=${metastore};create=true`,
    'javax.jdo.option.ConnectionDriverName': 'org.apache.derby.jdbc.EmbeddedDriver',
    'datanucleus.schema.autoCreateAll': 'true',
    'hive.metastore.schema.verification': 'false',
    'hive.metastore.warehouse.dir': scratch('warehouse'),
    'hive.exec.scratchdir': scratch('scratch'),
    'hive.exec.local.scratchdir': scratch('local'),
    'hive.downloaded.resources.dir': scratch('resources'),
    'hive.querylog.location': scratch('querylog'),
    'hive.user.install.directory': scratch('install'),
    'hive.jar.directory': scratch('install'),
    'hive.metastore.uris': '',
    'fs.defaultFS': 'file:///',
    'hive.execution.engine': 'tez',
    'mapreduce.framework.name': 'local',
    'hive.async.log.enabled': 'false',
    'hive.metastore.try.direct.sql': 'false',
    'hive.notification.event.poll.interval': '-1s',
    'hive.exec.submit.local.task.via.child': 'false',
    'hive.tez.container.size': '1024',
    'hive.cli.print.header': 'false',
  };
}

/** Tez in Hive's own process; more than one task at once share operators there and fail at random. */
export const TEZ_SITE: Readonly<Record<string, string>> = {
  'tez.local.mode': 'true',
  'tez.runtime.optimize.local.fetch': 'true',
  'tez.ignore.lib.uris': 'true',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Hadoop fills it in
  'tez.staging-dir': '${java.io.tmpdir}/tez-staging',
  'tez.am.inline.task.execution.max-tasks': '1',
  'fs.defaultFS': 'file:///',
};

/** Errors alone, to standard error. */
export const HIVE_LOG = `status = ERROR
name = HiveLog4j2
appenders = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss.SSS} %-5p [%t] %c{2}: %m%n
rootLogger.level = ERROR
rootLogger.appenderRefs = root
rootLogger.appenderRef.root.ref = console
`;
