/** What tells the pairs of runs apart. */
import type { RunRequest } from './run-request.ts';

/** Both places of a request, source first: the same for every request that reads and writes there, whoever asks and however. */
export function pairPlaces({ source, destination }: Pick<RunRequest, 'source' | 'destination'>): readonly (readonly unknown[])[] {
  return [source, destination].map(({ bucket, prefix, endpointUrl }) => [bucket, prefix, endpointUrl ?? null]);
}
