/** The listing: every key, by number and checksum, through the local cluster with compressed output. */
import { stat } from 'node:fs/promises';
import { CREDENTIALS, REGION, serveStore } from '../served-store.ts';
import type { ListOrder, ListReport } from './list-job.ts';
import { listingPaths } from './listing-paths.ts';
import { sumOfListing, sumOfShape } from './listing-sums.ts';
import { costs, counted, MIB, measuredJob, type ScaleFacts, type ScalePlace } from './scale-place.ts';

/** What a mapper may have. */
const MOST_MAPPER_BYTES = 300e6;

/** Lists so many keys into a folder. */
export async function listInto(folder: string, keys: number, compress: boolean, { shape, processes, tasks }: ScalePlace, settings = '') {
  const store = await serveStore({ virtual: [`${shape}:${keys},name=source${settings}`], latencyMilliseconds: 0, processes });
  try {
    const order: ListOrder = { endpoint: store.endpoint, region: REGION, bucket: 'source', folder, compress, tasks, credentials: CREDENTIALS };
    const { measurement, output } = await measuredJob(folder, 'list-job.ts', [JSON.stringify(order)]);
    return { measurement, report: JSON.parse(output) as ListReport, requests: (await store.requests()).ListObjectsV2 ?? 0 };
  } finally {
    await store.close();
  }
}

async function bytesOf(folder: string): Promise<number> {
  const sizes = await Promise.all((await listingPaths(folder)).map(async (path) => (await stat(path)).size));
  return sizes.reduce((a, b) => a + b, 0);
}

/** Lists, and reads again what was written. */
export async function listPart(keys: number, place: ScalePlace): Promise<ScaleFacts> {
  const { measurement, report, requests } = await listInto(place.folder, keys, true, place);
  const [found, expected, bytes] = [await sumOfListing(report.output), await sumOfShape(place.shape, keys), await bytesOf(report.output)];
  const isWhole = found.keys === expected.keys && found.sum === expected.sum;
  const isSmall = report.mapperMemory < MOST_MAPPER_BYTES;
  return {
    isRight: isWhole && isSmall,
    facts: [
      ['keys', `${counted(found.keys)}, ${isWhole ? 'the right ones by checksum' : 'not the right ones'}`],
      ...costs(measurement),
      ['keys a second', counted(keys / measurement.wall)],
      ['largest mapper', `${counted(report.mapperMemory / MIB)} MiB${isSmall ? '' : ', too much'}`],
      ['partitioned by sampling', `${report.mappers} ranges by ${counted(report.partitionRequests)} requests in ${report.partitionSeconds.toFixed(1)} s`],
      ['mappers, so many at once', `${report.mappers}, ${place.tasks}`],
      ['list requests', `${counted(requests)}, ${((requests * 1000) / keys).toFixed(3)} for a thousand keys`],
      ['rows, Zstandard', `${(bytes / 1e9).toFixed(2)} GB`],
    ],
  };
}
