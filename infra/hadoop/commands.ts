/** The programs of a Hadoop installation that a step needs: `hadoop`, the jar of Hadoop Streaming, `yarn`, and `hive` where there is one. */
import { access, constants, readdir, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

/** Paths of the programs. */
export interface HadoopCommands {
  readonly hadoop: string;
  readonly streamingJar: string;
  /** Null: there is none; then only the web service can end an application. */
  readonly yarn: string | null;
  /** Null: there is none; then `hive-script` steps fail. */
  readonly hive: string | null;
}

/** A part of the installation is missing. Final. */
export class HadoopMissingError extends Error {
  override readonly name = 'HadoopMissingError';
  readonly code = 'HADOOP_MISSING';
  readonly retryable = false;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where distributions keep the jar, from the installation's folder; EMR and Bigtop have folders of their own. */
const JAR_FOLDERS = (home: string): readonly string[] => [
  join(home, 'share', 'hadoop', 'tools', 'lib'),
  home,
  '/usr/lib/hadoop-mapreduce',
  '/usr/lib/hadoop/tools/lib',
];

/** Finds them, by `HADOOP_HOME`, `HIVE_HOME` and `PATH`. `HADOOP_STREAMING_JAR` names the jar where it lies elsewhere. @throws HadoopMissingError */
export async function hadoopCommands(env: Environment): Promise<HadoopCommands> {
  const hadoop = await found('hadoop', env.HADOOP_HOME, env);
  if (hadoop === null) throw new HadoopMissingError('there is no hadoop; set HADOOP_HOME, or put its bin folder on the PATH');
  const home = env.HADOOP_HOME ?? dirname(dirname(await realpath(hadoop)));
  const [streamingJar, yarn, hive] = await Promise.all([
    env.HADOOP_STREAMING_JAR ?? streamingJarBelow(home),
    found('yarn', env.HADOOP_HOME, env),
    found('hive', env.HIVE_HOME, env),
  ]);
  return { hadoop, streamingJar, yarn, hive };
}

async function found(program: string, home: string | undefined, env: Environment): Promise<string | null> {
  const folders = [...(home === undefined ? [] : [join(home, 'bin')]), ...(env.PATH ?? '').split(delimiter)];
  for (const folder of folders.filter((one) => one !== '')) if (await isExecutable(join(folder, program))) return join(folder, program);
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function streamingJarBelow(home: string): Promise<string> {
  for (const folder of JAR_FOLDERS(home)) {
    const names = await readdir(folder).catch(() => []);
    const jar = names
      .filter((name) => /^hadoop-streaming(-\d[\w.-]*)?\.jar$/.test(name) && !/sources|tests|javadoc/.test(name))
      .sort()
      .at(-1);
    if (jar !== undefined) return join(folder, jar);
  }
  throw new HadoopMissingError(`there is no hadoop-streaming.jar in ${JAR_FOLDERS(home).join(', ')}; let HADOOP_STREAMING_JAR name it`);
}
