/** The same questions asked of a store over HTTP: requests, the prefix that they name, and pages as S3 gives them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIALS, REGION, type ServedStore, serveStore } from '../../../bench/served-store.ts';
import { undiciTransport } from '../../../emr-steps/s3/undici-transport.ts';
import { listKeys } from '../../../lambdas/split-partitions/list-keys.ts';
import { sampleKeys } from '../../../lambdas/split-partitions/sample-keys.ts';
import { storeClient } from '../../helpers/store-client.ts';
import { virtualKeySpace } from './virtual-key-space.ts';

const KEYS = 100_000_000;
const PARTS = 500;
const SHAPES = ['uuid', 'giants', 'beyond-ascii'] as const;

let store: ServedStore;
beforeAll(async () => {
  store = await serveStore({ virtual: SHAPES.map((shape) => `${shape}:${KEYS},name=${shape}`), latencyMilliseconds: 0, processes: 1 });
});
afterAll(async () => store.close());

describe.each(SHAPES)('100 million keys of %s behind a server', (shape) => {
  it('are cut as evenly as in this process', async () => {
    const transport = undiciTransport({ connections: 64 });
    const client = storeClient({ url: store.endpoint, bucket: shape, key: CREDENTIALS, transport }, { region: REGION, maxAttempts: 3 });
    try {
      const order = { ask: listKeys(client, ''), prefix: '', parts: PARTS, slots: 128, concurrency: 64, milliseconds: 600_000, now: () => performance.now() };
      const { bounds, requests } = await sampleKeys(order);
      const sizes = virtualKeySpace(shape, KEYS).sizes(bounds);
      expect(sizes).toHaveLength(PARTS);
      expect(Math.max(...sizes) / (KEYS / PARTS)).toBeLessThan(3);
      expect(requests).toBeLessThanOrEqual(20_000);
    } finally {
      await client.close();
      await transport.close();
    }
  });
});
