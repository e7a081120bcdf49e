/** rclone. `--fast-list` lists the whole bucket in one go; without it, folder by folder, eight at once, which is faster on deep key spaces. */
import { PEERS } from '../peers/pinned.ts';
import type { Contender, Site } from './contender.ts';
import { linesIn } from './count-lines.ts';
import { commandLine, peerCall, versionOf } from './peer-call.ts';

const PEER = PEERS.rclone;
const DEFAULT_IN_FLIGHT = 64;

function call(site: Site, words: string) {
  const remote = { TYPE: 's3', PROVIDER: 'Other', ENV_AUTH: 'true', FORCE_PATH_STYLE: 'true', REGION: site.region, ENDPOINT: site.endpoint };
  const config = Object.fromEntries(Object.entries(remote).map(([name, value]) => [`RCLONE_CONFIG_B_${name}`, value]));
  return peerCall(site, `${commandLine(PEER)} --config /dev/null ${words}`, config);
}

/** Folders are walked at once; a key space without any is one list. */
function listMode({ keySpace }: Site): string {
  return keySpace?.shape === 'deep' ? '--checkers 64' : '--fast-list';
}

/** rclone. */
export const rclone: Contender = {
  name: 'rclone',
  version: () => versionOf(PEER, ['version']),
  isSerial: false,
  list: (site) => ({
    ...call(site, `lsf --recursive --files-only --format p ${listMode(site)} b:${site.source}`),
    listed: { kind: 'lines', keyOf: (line) => line },
  }),
  copy: (site) => {
    const inFlight = site.inFlight ?? DEFAULT_IN_FLIGHT;
    return call(
      site,
      `copy --transfers ${inFlight} --checkers ${inFlight} --fast-list --no-check-dest --s3-no-check-bucket --metadata --quiet b:${site.source} b:${site.destination}`,
    );
  },
  compare: (site) => ({
    ...call(
      site,
      `check --fast-list --checkers 64 --quiet --differ differ --missing-on-dst missing --missing-on-src extra b:${site.source} b:${site.destination}`,
    ),
    exitCodes: [1],
    differences: async () => (await Promise.all(['differ', 'missing', 'extra'].map((name) => linesIn(`${site.directory}/${name}`)))).reduce((a, b) => a + b, 0),
  }),
  help: (site) => call(site, '--help'),
};
