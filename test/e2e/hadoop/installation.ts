/** An installation as a distribution has it, made of Maven's jars: `HADOOP_HOME` with the commands that the cluster calls. */
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hadoopJars } from './jars.ts';
import { SHORT_LIVED } from './jvm.ts';

/** What Hadoop's own scripts do with these words: a class of the jars behind the client's configuration. */
const CLASSES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hadoop: { jar: 'org.apache.hadoop.util.RunJar', fs: 'org.apache.hadoop.fs.FsShell' },
  yarn: { application: 'org.apache.hadoop.yarn.client.cli.ApplicationCLI' },
};

/** Makes it below `work`. @returns the home */
export function hadoopInstallation(work: string): string {
  const [home, jars] = [join(work, 'hadoop-home'), hadoopJars()];
  const tools = join(home, 'share', 'hadoop', 'tools', 'lib');
  for (const folder of [join(home, 'bin'), tools]) mkdirSync(folder, { recursive: true });
  for (const [program, words] of Object.entries(CLASSES)) writeFileSync(join(home, 'bin', program), script(jars, program, words), { mode: 0o755 });
  const streaming = readdirSync(jars).find((name) => name.startsWith('hadoop-streaming-')) ?? '';
  symlinkSync(join(jars, streaming), join(tools, streaming));
  return home;
}

function script(jars: string, program: string, words: Readonly<Record<string, string>>): string {
  // `yarn application` hands its own word on; `hadoop jar` and `hadoop fs` do not.
  const cases = Object.entries(words).map(([word, main]) => `  ${word}) main=${main}${program === 'hadoop' ? '; shift' : ''} ;;`);
  const java = `java -Xmx256m ${SHORT_LIVED.join(' ')} -cp "$HADOOP_CONF_DIR:${jars}/*" "$main" "$@"`;
  return ['#!/bin/sh', 'case $1 in', ...cases, `  *) echo "${program} $1 is not here" >&2; exit 2 ;;`, 'esac', `exec ${java}`, ''].join('\n');
}
