/** What two Regions mean for a run. Pure. */
import type { RunFinding } from '../../workflows/events/run-finding.ts';
import { plannedCopyMode } from '../../workflows/request/access.ts';
import { writes } from '../../workflows/request/goal.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';

/** It; nothing off AWS, where Regions are names. */
export function regionFindings(request: RunRequest): readonly RunFinding[] {
  const { source, destination } = request;
  const isAws = source.endpointUrl === undefined && destination.endpointUrl === undefined;
  if (!isAws || source.region === undefined || source.region === destination.region || !writes(request)) return [];
  const isServerSide = plannedCopyMode(request) !== 'streaming';
  const route = 'the subnets of the cluster need a route to S3 through NAT';
  const message = isServerSide
    ? `the source is in ${source.region} and the destination in ${destination.region}: an S3 gateway endpoint serves neither requests to another Region nor CopyObject and UploadPartCopy between Regions (403), which only the nodes will see; ${route}, without the endpoint's route, or write copy.mode streaming`
    : `the source is in ${source.region} and the destination in ${destination.region}: an S3 gateway endpoint does not reach another Region, ${route}; every byte is paid for as transfer between Regions`;
  return [{ code: 'cross-region', level: isServerSide ? 'warning' : 'notice', about: 'run', message }];
}
