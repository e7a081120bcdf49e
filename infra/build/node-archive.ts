/**
 * `make synth`: the archive that steps unpack as `node`, `build/node.tgz`: `run.sh` and Node for both architectures. npm installs only the
 * Node of this machine; the other one comes by `npm pack`, checked against the lock file.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { type TarEntry, tar } from './tar.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FETCHED = join(ROOT, 'build/fetched-nodes');
const ARCHIVE = join(ROOT, 'build/node.tgz');

const ARCHITECTURES = ['arm64', 'x64'] as const;

interface LockedPackage {
  readonly version: string;
  readonly integrity: string;
}

const run = promisify(execFile);

/** Makes the archive, unless one of the same content is there. */
async function makeNodeArchive(): Promise<void> {
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as { readonly packages: Readonly<Record<string, LockedPackage>> };
  const locked = (name: string): LockedPackage => lock.packages[`node_modules/${name}`] ?? { version: '', integrity: '' };
  const script = join(ROOT, 'infra/build/run.sh');
  const state = JSON.stringify([await readFile(script, 'utf8'), ...ARCHITECTURES.map((one) => locked(`node-linux-${one}`))]);
  const mark = `${ARCHIVE}.made-of`;
  if (existsSync(ARCHIVE) && (await readFile(mark, 'utf8').catch(() => '')) === state) return;
  const entries: TarEntry[] = [{ name: 'run.sh', path: script, mode: 0o755 }];
  for (const one of ARCHITECTURES)
    entries.push({ name: `bin/linux-${one}/node`, path: await nodeOf(`node-linux-${one}`, locked(`node-linux-${one}`)), mode: 0o755 });
  await mkdir(join(ROOT, 'build'), { recursive: true });
  const fresh = `${ARCHIVE}.${process.pid}`;
  await pipeline(tar(entries), createGzip({ level: 6 }), createWriteStream(fresh));
  await rename(fresh, ARCHIVE);
  await writeFile(mark, state);
}

/** The binary of a package: installed, or fetched into `build`. */
async function nodeOf(name: string, { version, integrity }: LockedPackage): Promise<string> {
  const installed = join(ROOT, 'node_modules', name, 'bin/node');
  if (existsSync(installed)) return installed;
  const folder = join(FETCHED, `${name}-${version}`);
  const binary = join(folder, 'package/bin/node');
  if (existsSync(binary)) return binary;
  await mkdir(folder, { recursive: true });
  await run('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', folder], { cwd: ROOT });
  const file = join(folder, `${name}-${version}.tgz`);
  const found = `sha512-${await digest(file)}`;
  if (found !== integrity) throw new Error(`${name}@${version} has the digest ${found}, the lock file says ${integrity}; nothing of it is used`);
  await run('tar', ['-xzf', file, '-C', folder, 'package/bin/node']);
  await rm(file);
  return binary;
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
  return hash.digest('base64');
}

await makeNodeArchive();
