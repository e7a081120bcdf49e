/**
 * `make bench-partitions`: every shape of key space as 100 million virtual keys in 500 partitions, found by list requests over HTTP. How many keys
 * each partition holds is computed. It fails where one holds three times the mean, or where it took more than 60 seconds or 20,000 requests.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cutRange, WHOLE_RANGE } from '../emr-steps/keyspace/key-range.ts';
import { tilingFaults } from '../emr-steps/keyspace/tiling.ts';
import { SHAPE_NAMES, type ShapeName } from '../infra/local/s3-store/virtual/shape-names.ts';
import { listKeys } from '../lambdas/split-partitions/list-keys.ts';
import { sampleKeys } from '../lambdas/split-partitions/sample-keys.ts';
import { virtualKeySpace } from '../test/integ/partitions/virtual-key-space.ts';
import { machineLine, thisMachine } from './machine.ts';
import { CREDENTIALS, REGION, serveStore } from './served-store.ts';
import { storeClient } from './store-client.ts';

const { values } = parseArgs({
  options: { keys: { type: 'string', default: '100000000' }, parts: { type: 'string', default: '500' }, latency: { type: 'string', default: '0' } },
});
const KEYS = Number(values.keys);
const PARTS = Number(values.parts);
const LATENCY = Number(values.latency);
/** As `split-partitions` samples on AWS. */
const LIMITS = { slots: 128, concurrency: 64, milliseconds: 50_000 } as const;
const ALLOWED = { times: 3, requests: 20_000, seconds: 60 } as const;
const FILE = join(import.meta.dirname, '..', 'build', 'bench', 'partitions.json');

/** What came of one shape. */
interface Found {
  readonly shape: ShapeName;
  /** Keys of the largest partition, over the mean. */
  readonly times: number;
  readonly requests: number;
  readonly seconds: number;
  /** Overlaps and gaps. */
  readonly faults: number;
  /** Load of the machine before it. */
  readonly load: number;
}

async function measured(shape: ShapeName): Promise<Found> {
  const load = loadavg()[0] ?? 0;
  const store = await serveStore({ virtual: [`${shape}:${KEYS},name=${shape}`], latencyMilliseconds: LATENCY, processes: 1 });
  const client = storeClient({ endpoint: store.endpoint, region: REGION, credentials: CREDENTIALS }, shape);
  try {
    const started = performance.now();
    const { bounds, requests } = await sampleKeys({ ...LIMITS, ask: listKeys(client, ''), prefix: '', parts: PARTS, now: () => performance.now() });
    const seconds = (performance.now() - started) / 1000;
    const sizes = virtualKeySpace(shape, KEYS).sizes(bounds);
    const slices = cutRange(WHOLE_RANGE, bounds).map((range) => ({ delimiter: '', prefix: '', ...range }));
    return { shape, times: Math.max(...sizes) / (KEYS / PARTS), requests, seconds, faults: tilingFaults(slices).length, load };
  } finally {
    await client.close();
    await store.close();
  }
}

function rowOf({ shape, times, requests, seconds, load }: Found): string {
  return `| ${shape} | ${times.toFixed(2)} | ${requests} | ${seconds.toFixed(1)} | ${load.toFixed(1)} |`;
}

const machine = thisMachine();
console.log(`${machineLine(machine)}\n\n| shape | largest / mean | requests | seconds | load |\n|---|---:|---:|---:|---:|`);
const results: Found[] = [];
for (const shape of SHAPE_NAMES) {
  const found = await measured(shape);
  results.push(found);
  console.log(rowOf(found));
}
await mkdir(join(FILE, '..'), { recursive: true });
await writeFile(FILE, `${JSON.stringify({ machine, keys: KEYS, parts: PARTS, latencyMilliseconds: LATENCY, results }, null, 2)}\n`);
const isAllowed = results.every(
  ({ times, requests, seconds, faults }) => times < ALLOWED.times && requests <= ALLOWED.requests && seconds <= ALLOWED.seconds && faults === 0,
);
process.exitCode = isAllowed ? 0 : 1;
