/** The peers that are measured: where each is from, and in which version. What a registry does not have is measured where somebody put it. */

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A peer. */
export interface Peer {
  /** The command's name. */
  readonly name: string;
  /** How `install-peers.ts` gets it; null: by hand alone. */
  readonly from:
    | { readonly kind: 'go'; readonly module: string; readonly version: string }
    | { readonly kind: 'pip'; readonly package: string; readonly version: string }
    | null;
}

/** Every peer with its pinned version. */
export const PEERS = {
  rclone: { name: 'rclone', from: { kind: 'go', module: 'github.com/rclone/rclone', version: 'v1.75.1' } },
  mc: { name: 'mc', from: { kind: 'go', module: 'github.com/minio/mc', version: 'v0.0.0-20250313080218-cf909e1063a9' } },
  s5cmd: { name: 's5cmd', from: { kind: 'go', module: 'github.com/peak/s5cmd/v2', version: 'v2.3.0' } },
  aws: { name: 'aws', from: { kind: 'pip', package: 'awscli', version: '1.46.2' } },
  's3-fast-list': { name: 's3-fast-list', from: null },
} as const satisfies Readonly<Record<string, Peer>>;

/** Where peers are installed; a folder each, with the version in its name, so that another version is another folder. */
const PEERS_FOLDER = join(import.meta.dirname, '..', '..', 'build', 'bench', 'peers');

/** Where a command that no registry has is looked for first. */
const OWN_COMMANDS = join(PEERS_FOLDER, 'bin');

/** The folder of an installed peer; null for one that is put there by hand. */
export function folderOf({ name, from }: Peer): string | null {
  return from === null ? null : join(PEERS_FOLDER, `${name}-${from.version}`);
}

/** The command's path: the pinned one, one that lies in {@link OWN_COMMANDS}, or one of the user's; null where there is none. */
export function commandOf(peer: Peer): string | null {
  const pinned = folderOf(peer);
  const folders = [...(pinned === null ? [] : [join(pinned, 'bin')]), OWN_COMMANDS, join(homedir(), 'go', 'bin'), ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, peer.name)).find((path) => existsSync(path)) ?? null;
}
