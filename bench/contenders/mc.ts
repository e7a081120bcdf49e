/** mc, of MinIO. It compares by size alone, and has no setting for how much is under way at once. */
import { commandOf, PEERS } from '../peers/pinned.ts';
import type { Contender, Site } from './contender.ts';
import { linesIn } from './count-lines.ts';
import { commandLine, peerCall } from './peer-call.ts';

const PEER = PEERS.mc;
const KEY = Buffer.from('"key":"');

function call(site: Site, words: string) {
  const { accessKeyId, secretAccessKey } = site.credentials;
  const host = site.endpoint.replace('//', `//${accessKeyId}:${secretAccessKey}@`);
  return peerCall(site, `${commandLine(PEER)} --config-dir ${site.directory}/mc --disable-pager ${words}`, { MC_HOST_b: host });
}

/** The key in a line of JSON. */
function keyOf(line: Buffer): Buffer | null {
  if (!line.includes(KEY)) return null;
  return Buffer.from((JSON.parse(line.toString('utf8')) as { key: string }).key);
}

/** mc. */
export const mc: Contender = {
  name: 'mc',
  // Built from its module it names no version of its own.
  version: () => (commandOf(PEER) === null ? null : PEER.from.version.slice(1)),
  isSerial: true,
  list: (site) => ({ ...call(site, `--json ls --recursive b/${site.source}`), listed: { kind: 'lines', keyOf } }),
  copy: (site) => call(site, `--quiet mirror --overwrite b/${site.source} b/${site.destination}`),
  compare: (site) => ({ ...call(site, `--json diff b/${site.source} b/${site.destination}`), differences: (output) => linesIn(output, '"diff"') }),
  help: (site) => call(site, '--help'),
};
