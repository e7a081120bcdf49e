/** Looks at what a listing wrote: how many keys, and whether they are the right ones. */
import { createReadStream } from 'node:fs';
import { KeyChecksum, type KeySum } from '../infra/local/s3-store/virtual/key-checksum.ts';
import type { Listed } from './contenders/contender.ts';
import { parquetColumn } from './contenders/parquet.ts';

const LINE_FEED = 10;

/** Number and checksum of the keys that were listed. @param output - file of standard output */
export async function keysListed(output: string, listed: Listed): Promise<KeySum> {
  if (listed.kind === 'lines') return keysIn(output, listed);
  const lines = `${listed.file}.lines`;
  await parquetColumn(listed.file, listed.column, lines);
  return keysIn(lines, { keyOf: (line) => line });
}

/** Number and checksum of the keys in a file of lines. */
async function keysIn(path: string, { keyOf }: Pick<Listed & { kind: 'lines' }, 'keyOf'>): Promise<KeySum> {
  const checksum = new KeyChecksum();
  const add = (line: Buffer) => {
    const key = keyOf(line);
    if (key !== null) checksum.add(key);
  };
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      add(bytes.subarray(from, end));
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
  if (rest.length > 0) add(rest);
  return checksum.value();
}
