import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { collectObjects } from '../../../emr-steps/complete/collect-objects.ts';
import type { ObjectRows } from '../../../emr-steps/complete/upload-rows.ts';
import { type CopyResult, copyResult } from '../../../emr-steps/records/copy-result.ts';
import { batches, part, partEtag, parts, whole } from './rows.ts';

async function collect(objects: AsyncIterable<readonly ObjectRows[]>): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const batch of objects)
    for (const object of batch) all.push(`${object.key} ${object.direct.length}+${object.uploads.map((upload) => upload.copied.size)}`);
  return all;
}

describe('collectObjects', () => {
  test('gives sorted rows as objects at once, over the ends of batches', async () => {
    const rows = [whole('a'), ...parts('b', 3), whole('c'), whole('c'), ...parts('d', 2)];
    for (const size of [1, 2, 3, 100]) expect(await collect(collectObjects(batches(rows, size)))).toEqual(['a 1+', 'b 0+3', 'c 2+', 'd 0+2']);
  });

  test('gives an object as soon as another key comes', async () => {
    const first: string[] = [];
    for await (const batch of collectObjects(batches([part('a', 1, 2), whole('b'), whole('c')], 1))) first.push(batch.map((object) => object.key).join());
    expect(first).toEqual(['a', 'b', 'c']);
  });

  test('has nothing to give of nothing', async () => {
    expect(await collect(collectObjects(batches([])))).toEqual([]);
  });

  test('keeps of a large object only what completion needs, not the text that its rows came in', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const count = 10_000;
    const row = { ...part('large', 1, 1), partCount: count, detail: 'x'.repeat(800) };
    async function* lines(): AsyncGenerator<readonly CopyResult[]> {
      for (let n = 1; n <= count; n += 1) yield [copyResult.decode(copyResult.encode({ ...row, partNumber: n, etag: partEtag('large', n) }))];
    }
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    let object: ObjectRows | undefined;
    for await (const batch of collectObjects(lines())) object = batch[0];
    collectGarbage();
    const kept = process.memoryUsage().heapUsed - before;
    expect(object?.uploads[0]?.copied.size).toBe(count);
    expect(kept / count).toBeLessThan(400);
  });
});
