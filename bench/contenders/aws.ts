/** The AWS command. It compares by size and time; requests under way at once stand in its configuration file. */
import { writeFileSync } from 'node:fs';
import { PEERS } from '../peers/pinned.ts';
import type { Contender, Site } from './contender.ts';
import { linesIn } from './count-lines.ts';
import { commandLine, peerCall, versionOf } from './peer-call.ts';

const PEER = PEERS.aws;
/** Its own default. */
const DEFAULT_IN_FLIGHT = 10;
/** Date, time and size in columns before the key. */
const KEY_COLUMN = 31;

function call(site: Site, words: string) {
  const config = `${site.directory}/aws-config`;
  writeFileSync(config, `[default]\ns3 =\n  max_concurrent_requests = ${site.inFlight ?? DEFAULT_IN_FLIGHT}\n  max_queue_size = 10000\n`);
  return peerCall(site, `${commandLine(PEER)} --endpoint-url ${site.endpoint} s3 ${words}`, { AWS_CONFIG_FILE: config });
}

/** The AWS command. */
export const aws: Contender = {
  name: 'aws',
  version: () => versionOf(PEER, ['--version']),
  isSerial: true,
  list: (site) => ({ ...call(site, `ls --recursive s3://${site.source}`), listed: { kind: 'lines', keyOf: (line) => line.subarray(KEY_COLUMN) } }),
  copy: (site) => call(site, `cp --recursive --only-show-errors s3://${site.source} s3://${site.destination}`),
  compare: (site) => ({ ...call(site, `sync --dryrun s3://${site.source} s3://${site.destination}`), differences: (output) => linesIn(output, '(dryrun)') }),
  help: (site) => call(site, 'ls help'),
};
