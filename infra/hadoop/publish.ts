/** Puts what tasks localise, the Node archive, where every job finds it: on the cluster's file system, once for each version of it. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientConfiguration } from './client-configuration.ts';
import { runClient } from './client-process.ts';
import type { HadoopCommands } from './commands.ts';

/** What is published, and by whom. */
export interface PublishOptions {
  readonly configuration: ClientConfiguration;
  readonly commands: HadoopCommands;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that `make build` leaves as `build/node`. */
  readonly nodeFolder: string;
}

/** On the cluster's default file system. */
const TARGET = '/tmp/carillon';

/** The archive could not be put there. */
export class PublishError extends Error {
  override readonly name = 'PublishError';
  readonly code = 'HADOOP_PUBLISH_FAILED';
  readonly retryable = true;
}

/** @returns the archive's place, as `-archives` takes it @throws PublishError */
export async function publishNodeArchive(options: PublishOptions): Promise<string> {
  const target = qualified(TARGET, options.configuration);
  const name = `node-${await fingerprint(options.nodeFolder)}.tar.gz`;
  const place = `${target}/${name}`;
  if (await succeeds(options, ['-test', '-e', place])) return place;
  const work = await mkdtemp(join(tmpdir(), 'carillon-node-'));
  try {
    const archive = join(work, name);
    await must(options, ['tar', '-czhf', archive, '-C', options.nodeFolder, 'run.sh', 'bin']);
    await must(options, fs(options, ['-mkdir', '-p', target]));
    // Another run may do the same at the same time: what lies there is the same bytes.
    const temporary = `${place}.${randomUUID()}`;
    await must(options, fs(options, ['-put', archive, temporary]));
    if (await succeeds(options, ['-mv', temporary, place])) return place;
    await must(options, fs(options, ['-test', '-e', place]));
    await must(options, fs(options, ['-rm', '-skipTrash', temporary]));
    return place;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** `-archives` takes a path without a scheme for one of the submitting machine. */
function qualified(path: string, { get }: ClientConfiguration): string {
  return `${(get('fs.defaultFS') ?? 'file://').replace(/\/+$/, '')}${path}`;
}

/** Of every file below the folder: its name and its bytes. */
async function fingerprint(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    const facts = await stat(path);
    if (facts.isDirectory()) continue;
    hash.update(`${name} ${facts.size}\n`);
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  }
  return hash.digest('hex').slice(0, 16);
}

function fs({ commands }: PublishOptions, words: readonly string[]): readonly string[] {
  return [commands.hadoop, 'fs', ...words];
}

async function succeeds(options: PublishOptions, words: readonly string[]): Promise<boolean> {
  return (await client(options, fs(options, words))).code === 0;
}

async function must(options: PublishOptions, command: readonly string[]): Promise<void> {
  const { code, log } = await client(options, command);
  if (code !== 0) throw new PublishError(`${command.join(' ')} ended with code ${code}: ${log.trim().split('\n').at(-1) ?? ''}`);
}

async function client({ env, configuration }: PublishOptions, command: readonly string[]) {
  const HADOOP_CONF_DIR = configuration.folder;
  return await runClient({ command, directory: tmpdir(), env: { ...env, HADOOP_CONF_DIR }, signal: AbortSignal.timeout(10 * 60_000) });
}
