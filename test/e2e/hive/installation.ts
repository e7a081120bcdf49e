/**
 * EMR 7's Hive (3.1.3 on Tez 0.10.2) as `HIVE_HOME`, in one process on Java 17. Hive 3 casts its class loader to one that Java has no longer
 * by default (`Launch`), and one of its serializers reads a private field that is gone (HIVE-22097).
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeSite } from '../hadoop/daemons.ts';
import { cachedFolder, collectJars } from '../hadoop/jars.ts';
import { SHORT_LIVED } from '../hadoop/jvm.ts';
import { HIVE_LOG, hiveSite, OPENED_PACKAGES, s3aSite, TEZ_SITE } from './settings.ts';

const POM = resolve(import.meta.dirname, 'pom.xml');
const LAUNCH = resolve(import.meta.dirname, 'src/Launch.java');
const PATCHES = resolve(import.meta.dirname, 'src/org/apache/hadoop/hive/ql/exec');

/** Jars, launcher and patch. */
export function hiveFiles(): string {
  const patch = join(PATCHES, readdirSync(PATCHES)[0] as string);
  return cachedFolder('hive', [POM, LAUNCH, patch], (folder) => {
    const lib = join(folder, 'lib');
    collectJars(POM, lib);
    execFileSync('javac', ['--release', '11', '-d', join(folder, 'launch'), LAUNCH], { stdio: 'inherit' });
    execFileSync('javac', ['--release', '11', '-cp', join(lib, 'hive-exec-3.1.3.jar'), '-d', join(folder, 'patch'), patch], { stdio: 'inherit' });
  });
}

/**
 * Makes a Hive with a metastore of its own that outlives its processes.
 *
 * @param endpointUrl - of the S3 server that `s3://` means
 * @returns the home
 */
export function hiveInstallation(work: string, endpointUrl: string, region: string): string {
  const [home, files] = [join(work, 'hive-home'), hiveFiles()];
  const [bin, conf, scratch] = [join(home, 'bin'), join(home, 'conf'), join(work, 'hive-scratch')];
  for (const folder of [bin, conf, scratch]) mkdirSync(folder, { recursive: true });
  writeSite(join(conf, 'core-site.xml'), s3aSite(endpointUrl, region));
  writeSite(join(conf, 'hive-site.xml'), hiveSite(join(work, 'metastore')));
  writeSite(join(conf, 'tez-site.xml'), TEZ_SITE);
  for (const name of ['log4j2', 'hive-log4j2', 'hive-exec-log4j2']) writeFileSync(join(conf, `${name}.properties`), HIVE_LOG);
  writeFileSync(join(bin, 'hive'), script(conf, files, scratch), { mode: 0o755 });
  return home;
}

function script(conf: string, files: string, scratch: string): string {
  const opens = OPENED_PACKAGES.map((name) => `--add-opens java.base/${name}=ALL-UNNAMED`).join(' ');
  return `#!/bin/sh
unset HADOOP_CONF_DIR
work=$(mktemp -d ${scratch}/session-XXXXXX)
trap 'rm -rf "$work"' EXIT
HADOOP_HOME=/nonexistent java -Xmx1g ${SHORT_LIVED.join(' ')} ${opens} \\
  -Djava.io.tmpdir="$work" -Dderby.stream.error.file="$work/derby.log" \\
  -Dlaunch.path='${conf}:${files}/patch:${files}/lib/*' -cp '${files}/launch' \\
  Launch org.apache.hadoop.hive.cli.CliDriver "$@"
`;
}
