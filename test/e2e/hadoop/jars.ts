/** Hadoop's jars, collected once by Maven under `build/e2e/hadoop`; Maven's own repository is the cache. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const POM = resolve(import.meta.dirname, 'pom.xml');
const COLLECT = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

/**
 * The folder of jars; a new one for each state of the pom, complete or absent.
 *
 * @throws Error with one clear sentence where Java or Maven is missing
 */
export function hadoopJars(): string {
  const fingerprint = createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 12);
  const jars = resolve(import.meta.dirname, '../../../build/e2e/hadoop', fingerprint);
  if (existsSync(jars)) return jars;
  const collecting = `${jars}.${process.pid}`;
  mkdirSync(collecting, { recursive: true });
  try {
    execFileSync('mvn', ['-B', '-q', '-f', POM, COLLECT, `-DoutputDirectory=${collecting}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (error) {
    rmSync(collecting, { recursive: true, force: true });
    throw new Error('the jars of Hadoop could not be collected: make e2e needs Java 17 and Maven on the path', { cause: error });
  }
  if (!existsSync(jars)) renameSync(collecting, jars);
  else rmSync(collecting, { recursive: true, force: true });
  return jars;
}

/** The class path of a client: the configuration folder (none: LocalJobRunner) before the jars. */
export function classPath(jars: string, configuration?: string): string {
  return [...(configuration === undefined ? [] : [configuration]), join(jars, '*')].join(':');
}
