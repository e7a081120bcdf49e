/** Copying small objects inside the service, from listing to ledger. The store counts what arrives and checks its ETags. */
import { checksumOfShape } from '../../infra/local/s3-store/virtual/key-checksum.ts';
import { keyShape } from '../../infra/local/s3-store/virtual/shape-names.ts';
import type { Verdict } from '../result.ts';
import type { ServedStore } from '../served-store.ts';
import type { BenchCase, Outcome } from './bench-case.ts';

const WRITES = ['CopyObject', 'PutObject', 'CreateMultipartUpload', 'UploadPart', 'UploadPartCopy', 'CompleteMultipartUpload'];
/** Requests that write, for each object. */
const MOST_WRITES = 1.005;

function writesIn(requests: Readonly<Record<string, number>>): number {
  return WRITES.reduce((sum, operation) => sum + (requests[operation] ?? 0), 0);
}

async function judge(objects: number, store: ServedStore, requests: Outcome['requests'], seconds: number | null): Promise<Verdict> {
  const { exact, written } = await store.sink('destination');
  const expected = checksumOfShape(keyShape('flat', objects));
  const about = { objects: exact, ...(seconds !== null && { seconds }) };
  if (exact !== objects || written.sum !== expected.sum) return { isRight: false, text: `${exact} of ${objects} arrived with their ETag`, ...about };
  const writes = writesIn(requests) / objects;
  return { isRight: writes <= MOST_WRITES, text: writes <= MOST_WRITES ? 'right' : `${writes.toFixed(2)} write requests an object`, ...about };
}

function copyCase(about: Pick<BenchCase, 'name' | 'title' | 'latencyMilliseconds' | 'inFlight'>, objects: number): BenchCase {
  const settings = `flat:${objects},size=1-4096`;
  return {
    ...about,
    // Some clients look at what they have written.
    virtual: [`${settings},name=source`, `sink:${settings},name=destination,look-ups=yes`],
    source: 'source',
    destination: 'destination',
    call(contender, site) {
      const call = contender.copy?.(site) ?? null;
      if (call === null) return null;
      return { ...call, verdict: async ({ store, requests }) => judge(objects, store, requests, (await call.copySeconds?.()) ?? null) };
    },
  };
}

/** Copying some small objects as fast as the processor allows, and many with every answer late. */
export function copyCases(objects: number, lateObjects: number): readonly BenchCase[] {
  const count = (number: number) => number.toLocaleString('en');
  return [
    copyCase({ name: `copy ${objects} small objects`, title: `${count(objects)} small objects`, latencyMilliseconds: 0 }, objects),
    copyCase(
      {
        name: `copy ${lateObjects} small objects, 50 ms`,
        title: `${count(lateObjects)} small objects, 50 ms, 256 requests under way`,
        latencyMilliseconds: 50,
        inFlight: 256,
      },
      lateObjects,
    ),
  ];
}
