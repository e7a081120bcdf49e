/** The part files of a fan-out together: each run judges its own, but whether two list the same keys only shows here. */
import { tilingFaults } from '../../emr-steps/keyspace/tiling.ts';
import type { Partition } from '../../emr-steps/records/partition.ts';
import { S3Error } from '../../emr-steps/s3/s3-error.ts';
import type { RunFinding } from '../../workflows/events/run-finding.ts';
import type { FanOutRun } from '../../workflows/request/fan-out-request.ts';
import { pairPlaces } from '../../workflows/request/pair-places.ts';
import { MOST_PART_FILE_BYTES } from '../../workflows/request/partition-file.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { checkedPartFile, gapFindings } from '../run/part-file.ts';
import type { PointSource } from '../run/read-places.ts';
import { RefusedError } from '../run/refused-error.ts';

const AT_ONCE = 8;
/** Overlaps that are looked for, and those that one refusal tells. */
const MOST_OVERLAPS = 1000;
const MOST_PROBLEMS = 20;

/** How what a request names is read. @param runId - the session name where a role is assumed */
export type PlacesOf = (source: RunRequest['source'], runId: string) => PointSource;

/** A part file, and what it says. */
interface PartFile {
  readonly location: string;
  readonly slices: readonly Partition[];
}

/**
 * What the part files of each pair leave out together.
 *
 * @param runId - of the fan-out
 * @throws RefusedError at files that cannot be used, and where two list the same keys
 */
export async function partFileFindings(runs: readonly FanOutRun[], runId: string, placesOf: PlacesOf): Promise<readonly RunFinding[]> {
  const findings: RunFinding[] = [];
  for (const requests of byPair(runs)) {
    const places = placesOf((requests[0] as RunRequest).source, runId);
    const { files, denied } = await readAll(requests.flatMap(locationOf), places);
    const problems = overlapsOf(files);
    if (problems.length > 0) throw new RefusedError(problems);
    findings.push(...(denied.length > 0 ? [notCompared(denied)] : gapFindings(files.flatMap(({ slices }) => slices))));
  }
  return findings;
}

/** Who starts the runs may know less than who reads buckets for them. */
function notCompared(denied: readonly string[]): RunFinding {
  const message = `whether part files overlap or leave keys out could not be found out: ${denied.length} of them may not be read here, such as ${denied[0]}; each run looks at its own`;
  return { code: 'part-files-not-compared', level: 'warning', about: 'run', message };
}

/** Requests with a part file, those between the same places together. */
function byPair(runs: readonly FanOutRun[]): readonly (readonly RunRequest[])[] {
  const requests = runs.map(({ request }) => request).filter((request) => locationOf(request).length > 0);
  const pairs = new Map<string, RunRequest[]>();
  for (const request of requests) {
    const pair = JSON.stringify(pairPlaces(request));
    pairs.set(pair, [...(pairs.get(pair) ?? []), request]);
  }
  return [...pairs.values()];
}

function locationOf({ partitions }: RunRequest): readonly string[] {
  return partitions.from === 'file' ? [partitions.location] : [];
}

interface ReadFiles {
  /** In the order of the locations. */
  readonly files: readonly PartFile[];
  /** Locations. */
  readonly denied: readonly string[];
}

/** The faults of all of them are told at once. @throws RefusedError */
async function readAll(locations: readonly string[], places: PointSource): Promise<ReadFiles> {
  const denied: string[] = [];
  const limited = limitedPlaces(places, denied);
  const files: PartFile[] = [];
  const problems: string[] = [];
  for (let at = 0; at < locations.length; at += AT_ONCE) {
    const some = locations.slice(at, at + AT_ONCE);
    const ends = await Promise.allSettled(some.map(async (location) => ({ location, slices: await checkedPartFile(location, limited) })));
    for (const [index, end] of ends.entries()) {
      if (denied.includes(some[index] as string)) continue;
      if (end.status === 'fulfilled') files.push(end.value);
      else if (end.reason instanceof RefusedError) problems.push(...end.reason.problems);
      else throw end.reason;
    }
  }
  if (problems.length > 0) throw new RefusedError(problems.slice(0, MOST_PROBLEMS));
  return { files, denied };
}

/** All files together may have as many bytes as one. Those that may not be read are noted. */
function limitedPlaces({ read }: PointSource, denied: string[]): Pick<PointSource, 'read'> {
  let left = MOST_PART_FILE_BYTES;
  return {
    read: async (location) => {
      try {
        const bytes = await read(location, left);
        left -= bytes.length;
        return bytes;
      } catch (error) {
        if (error instanceof S3Error && error.status === 403) denied.push(location);
        throw error;
      }
    },
  };
}

/** Two files are told of once, with a key that both would list. */
function overlapsOf(files: readonly PartFile[]): readonly string[] {
  const owners = files.flatMap(({ location, slices }) => slices.map(() => location));
  const slices = files.flatMap((file) => file.slices);
  const told = new Map<string, string>();
  for (const fault of tilingFaults(slices, undefined, MOST_OVERLAPS)) {
    if (fault.kind !== 'overlap') continue;
    const pair = [owners[fault.first], owners[fault.second]].join(' and ');
    if (!told.has(pair)) told.set(pair, `part files ${pair} overlap: both would list ${JSON.stringify(fault.example)}`);
  }
  return [...told.values()].slice(0, MOST_PROBLEMS);
}
