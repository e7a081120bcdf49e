/** s3-fast-list with a hundred ideal hints, which it needs to list at several places at once; it lists and compares, and copies nothing. */
import { writeFileSync } from 'node:fs';
import { scratchSpace } from '../../infra/local/s3-store/virtual/key-shape.ts';
import { keyShape } from '../../infra/local/s3-store/virtual/shape-names.ts';
import { PEERS } from '../peers/pinned.ts';
import type { Contender, Site } from './contender.ts';
import { parquetRows } from './parquet.ts';
import { commandLine, peerCall, versionOf } from './peer-call.ts';

const PEER = PEERS['s3-fast-list'];
const HINTS = 100;

/**
 * What cuts the key space into equal pieces, which nobody knows of a bucket that was not listed before: beginnings of keys, since a key that is a hint
 * itself is left out of both ranges.
 */
function writeHints({ keySpace, directory }: Site): string {
  const file = `${directory}/hints`;
  if (keySpace === null) {
    writeFileSync(file, '');
    return file;
  }
  const shape = keyShape(keySpace.shape, keySpace.keys);
  const { view, bytes } = scratchSpace(shape.maximumBytes);
  const hints = Array.from({ length: HINTS - 1 }, (_, at) =>
    bytes.toString('utf8', 0, shape.write(Math.floor(((at + 1) * keySpace.keys) / HINTS), view, 0) - 1),
  );
  writeFileSync(file, `${hints.join('\n')}\n`);
  return file;
}

function call(site: Site, words: string, file: string) {
  const files = `--ks-file ${writeHints(site)} --output-parquet-file ${file} --output-ks-file ${site.directory}/key-space`;
  return peerCall(site, `${commandLine(PEER)} ${words} --endpoint-url ${site.endpoint} --concurrency ${HINTS} ${files}`);
}

/** s3-fast-list. */
export const s3FastList: Contender = {
  name: 's3-fast-list',
  version: () => versionOf(PEER, ['--version']),
  isSerial: false,
  list: (site) => {
    const file = `${site.directory}/listing.parquet`;
    return { ...call(site, `list --region ${site.region} --bucket ${site.source}`, file), listed: { kind: 'parquet', file, column: 'Key' } };
  },
  copy: null,
  compare: (site) => {
    const file = `${site.directory}/differences.parquet`;
    const words = `diff --region ${site.region} --bucket ${site.source} --target-region ${site.region} --target-bucket ${site.destination}`;
    return { ...call(site, words, file), differences: () => parquetRows(file) };
  },
  help: (site) => peerCall(site, `${commandLine(PEER)} --help`),
};
