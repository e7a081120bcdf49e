/** s5cmd. It compares by size and time. */
import { PEERS } from '../peers/pinned.ts';
import type { Contender, Site } from './contender.ts';
import { linesIn } from './count-lines.ts';
import { commandLine, peerCall, versionOf } from './peer-call.ts';

const PEER = PEERS.s5cmd;
/** Its own default. */
const DEFAULT_IN_FLIGHT = 256;

function call(site: Site, words: string) {
  return peerCall(site, `${commandLine(PEER)} --endpoint-url ${site.endpoint} --numworkers ${site.inFlight ?? DEFAULT_IN_FLIGHT} ${words}`);
}

/** s5cmd. */
export const s5cmd: Contender = {
  name: 's5cmd',
  version: () => {
    const version = versionOf(PEER, ['version']);
    // Built without its Makefile it says 0.0.0 of itself.
    return version === '0.0.0' ? PEER.from.version.slice(1) : version;
  },
  isSerial: true,
  list: (site) => ({ ...call(site, `ls --show-fullpath 's3://${site.source}/*'`), listed: { kind: 'lines', keyOf: (line) => afterBucket(line, site.source) } }),
  copy: (site) => call(site, `--log error cp 's3://${site.source}/*' s3://${site.destination}/`),
  compare: (site) => ({
    ...call(site, `--dry-run sync --delete 's3://${site.source}/*' s3://${site.destination}/`),
    differences: (output) => linesIn(output),
  }),
  help: (site) => call(site, '--help'),
};

function afterBucket(line: Buffer, bucket: string): Buffer | null {
  const start = line.indexOf(`s3://${bucket}/`);
  return start < 0 ? null : line.subarray(start + bucket.length + 6);
}
