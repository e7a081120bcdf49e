/** Copying small objects inside the service, from listing to ledger. The store counts what arrives and checks its ETags. */
import { checksumOfShape } from '../../infra/local/s3-store/virtual/key-checksum.ts';
import { keyShape } from '../../infra/local/s3-store/virtual/shape-names.ts';
import type { BenchCase } from './bench-case.ts';

const WRITES = ['CopyObject', 'PutObject', 'CreateMultipartUpload', 'UploadPart', 'UploadPartCopy', 'CompleteMultipartUpload'];

function writesIn(requests: Readonly<Record<string, number>>): number {
  return WRITES.reduce((sum, operation) => sum + (requests[operation] ?? 0), 0);
}

/** Copying this many small objects. */
export function copyCases(objects: number): readonly BenchCase[] {
  const settings = `flat:${objects},size=1-4096`;
  const expected = checksumOfShape(keyShape('flat', objects));
  return [
    {
      name: `copy ${objects} small objects`,
      work: 'copy',
      virtual: [`${settings},name=source`, `sink:${settings},name=destination`],
      source: 'source',
      destination: 'destination',
      latencyMilliseconds: 0,
      call: (contender, site) => contender.copy?.(site) ?? null,
      async verdict(_output, _call, store, requests) {
        const counts = await store.sink('destination');
        if (counts.exact !== objects || counts.written.sum !== expected.sum) return `${counts.exact} of ${objects} arrived with their ETag`;
        const writes = writesIn(requests) / objects;
        return writes <= 1.005 ? 'right' : `${writes.toFixed(2)} write requests an object`;
      },
    },
  ];
}
