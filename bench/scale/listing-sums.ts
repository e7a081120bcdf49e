/** Number and checksum of the keys of a listing, one file a worker thread: a billion keys take minutes, not an hour. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { createZstdDecompress } from 'node:zlib';
import { isRowsFile } from '../../emr-steps/run-directory/layout.ts';
import { checksumOfShape, KeyChecksum, type KeySum } from '../../infra/local/s3-store/virtual/key-checksum.ts';
import { keyShape, type ShapeName } from '../../infra/local/s3-store/virtual/shape-names.ts';

const [TAB, LINE_FEED] = [9, 10];

/** What a worker adds up: the keys of a file, or those of a shape between two places. Keys are taken as they stand: the shapes need no encoding. */
type SumOrder = { readonly file: string } | { readonly shape: ShapeName; readonly keys: number; readonly from: number; readonly to: number };

async function sumOf(order: SumOrder): Promise<KeySum> {
  if (!('file' in order)) return checksumOfShape(keyShape(order.shape, order.keys), order.from, order.to);
  const checksum = new KeyChecksum();
  const bytes = createReadStream(order.file, { highWaterMark: 1 << 20 });
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of order.file.endsWith('.zst') ? bytes.pipe(createZstdDecompress({ chunkSize: 1 << 18 })) : bytes)
    rest = addLines(checksum, rest, chunk);
  return checksum.value();
}

/** @returns the line that is not whole */
function addLines(checksum: KeyChecksum, rest: Buffer, chunk: Buffer): Buffer {
  const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
  let from = 0;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
    checksum.add(bytes, from, bytes.indexOf(TAB, from));
    from = end + 1;
  }
  return bytes.subarray(from);
}

function inWorker(order: SumOrder): Promise<KeySum> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: order });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function added(orders: readonly SumOrder[]): Promise<KeySum> {
  const [sum, waiting] = [new KeyChecksum(), orders.values()];
  const work = async (): Promise<void> => {
    for (const order of waiting) sum.merge(await inWorker(order));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return sum.value();
}

/** Of all files of a step's output. */
export async function sumOfListing(folder: string): Promise<KeySum> {
  return added((await readdir(folder)).filter(isRowsFile).map((name) => ({ file: join(folder, name) })));
}

/** Of what the bucket holds. */
export async function sumOfShape(shape: ShapeName, keys: number): Promise<KeySum> {
  const pieces = 4 * availableParallelism();
  const place = (piece: number) => Math.floor((piece * keys) / pieces);
  return added(Array.from({ length: pieces }, (_, piece) => ({ shape, keys, from: place(piece), to: place(piece + 1) })));
}

if (!isMainThread) parentPort?.postMessage(await sumOf(workerData as SumOrder));
