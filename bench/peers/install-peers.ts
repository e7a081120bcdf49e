/**
 * Installs the peers into build/bench/peers, each once: `node bench/peers/install-peers.ts`. A peer that cannot be had is told and left out;
 * nothing else depends on it. Needs Go for rclone, mc and s5cmd, and Python 3 with venv for the AWS command.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf, folderOf, PEERS, type Peer } from './pinned.ts';

/** Building rclone takes three minutes of four cores. */
const LIMIT_MILLISECONDS = 1_200_000;

const BY_HAND = 'a command put into build/bench/peers/bin is measured (docs/measuring.md says how)';

function done(command: string, words: readonly string[], env: Readonly<Record<string, string>> = {}): string | null {
  const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8', timeout: LIMIT_MILLISECONDS, env: { ...process.env, ...env } });
  if (status === 0) return null;
  return error?.message ?? (stderr.trim().split('\n').at(-1) || `${command} ended with ${status}`);
}

/** Installs into a folder. @returns why it could not be; null where it was */
function installInto(folder: string, from: NonNullable<Peer['from']>): string | null {
  if (from.kind === 'go') return done('go', ['install', `${from.module}@${from.version}`], { GOBIN: join(folder, 'bin'), GOFLAGS: '' });
  return done('python3', ['-m', 'venv', folder]) ?? done(join(folder, 'bin', 'pip'), ['install', '--quiet', `${from.package}==${from.version}`]);
}

function install(peer: Peer): string {
  const folder = folderOf(peer);
  const found = commandOf(peer);
  if (found !== null && (folder === null || found.startsWith(folder))) return `is there: ${found}`;
  if (peer.from === null || folder === null) return `is in no registry; ${BY_HAND}`;
  mkdirSync(folder, { recursive: true });
  const problem = installInto(folder, peer.from);
  if (problem === null) return `installed, ${peer.from.version}`;
  rmSync(folder, { recursive: true, force: true });
  return `cannot be had (${problem}); ${found === null ? BY_HAND : `${found} is measured`}`;
}

for (const peer of Object.values(PEERS)) console.log(`${peer.name} ${install(peer)}`);
