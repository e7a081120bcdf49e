/** Jars of Hadoop and Hive, collected once by Maven under `build/e2e`; Maven's own repository is the cache. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const COLLECT = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

/** Where everything that is downloaded or made of it lies. */
export const E2E_CACHE = resolve(import.meta.dirname, '../../../build/e2e');

/** A folder of the cache for each state of its sources, complete or absent. @param make - fills it */
export function cachedFolder(name: string, sources: readonly string[], make: (folder: string) => void): string {
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(source));
  const folder = join(E2E_CACHE, name, hash.digest('hex').slice(0, 12));
  if (existsSync(folder)) return folder;
  const making = `${folder}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  try {
    make(making);
    if (!existsSync(folder)) renameSync(making, folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return folder;
}

/** Collects what a pom depends on. @throws Error with one clear sentence where Java or Maven is missing */
export function collectJars(pom: string, folder: string): void {
  try {
    execFileSync('mvn', ['-B', '-q', '-f', pom, COLLECT, '-DincludeScope=runtime', `-DoutputDirectory=${folder}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (error) {
    throw new Error(`the jars of ${pom} could not be collected: make e2e needs Java 17 and Maven on the path`, { cause: error });
  }
}

/** The folder of Hadoop's jars. */
export function hadoopJars(): string {
  const pom = resolve(import.meta.dirname, 'pom.xml');
  return cachedFolder('hadoop', [pom], (folder) => collectJars(pom, folder));
}

/** The class path of a client: the configuration folder (none: LocalJobRunner) before the jars. */
export function classPath(jars: string, configuration?: string): string {
  return [...(configuration === undefined ? [] : [configuration]), join(jars, '*')].join(':');
}
