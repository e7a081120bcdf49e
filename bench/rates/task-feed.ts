/** Tasks without end for a mapper: whole objects of a virtual bucket, from a place of its own on. */
import { copyTask } from '../../emr-steps/records/copy-task.ts';
import { describeVirtual } from '../../infra/local/s3-store/virtual/description.ts';
import { scratchSpace } from '../../infra/local/s3-store/virtual/key-shape.ts';
import { virtualSource } from '../../infra/local/s3-store/virtual/virtual-source.ts';

const LINES_OF_A_CHUNK = 500;

/** Chunks of lines, until the bucket is at its end. @param share - where to begin, 0 to 1 */
export function* taskFeed(bucket: string, share: number): Generator<string> {
  const source = virtualSource(describeVirtual(bucket));
  const { shape } = source;
  const { view, bytes } = scratchSpace(shape.maximumBytes);
  const first = bytes.toString('latin1', 0, shape.write(Math.floor(share * shape.count), view, 0));
  let lines: string[] = [];
  for (const { key, etag, size } of source.scan(first)) {
    lines.push(
      copyTask.encode({ kind: 'whole', key: Buffer.from(key, 'latin1').toString('utf8'), etag, size, mtime: null, storageClass: null, checksum: null }),
    );
    if (lines.length < LINES_OF_A_CHUNK) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
}
