/** What the peers' contenders share: their environment, and the version that a command says of itself. */
import { spawnSync } from 'node:child_process';
import { commandOf, type Peer } from '../peers/pinned.ts';
import type { Call, Site } from './contender.ts';

/** A command line of a peer, with credentials in its environment and a home of its own. */
export function peerCall(site: Site, line: string, env: Readonly<Record<string, string>> = {}): Call {
  const { credentials, directory, region } = site;
  return {
    line,
    cwd: directory,
    env: {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      LC_ALL: 'C.UTF-8',
      HOME: directory,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...env,
    },
  };
}

/** The command; the name alone where it is not installed, since nobody runs it then. */
export function commandLine(peer: Peer): string {
  return commandOf(peer) ?? peer.name;
}

/** The first number with dots that the command prints of itself, else the pinned version; null where it is not installed. */
export function versionOf(peer: Peer, words: readonly string[]): string | null {
  const command = commandOf(peer);
  if (command === null) return null;
  const { stdout, stderr } = spawnSync(command, words, { encoding: 'utf8', timeout: 30_000 });
  return /\d+\.\d+\.\d+/.exec(`${stdout} ${stderr}`)?.[0] ?? peer.from?.version ?? 'unknown';
}
