/** The clients of probes: each side's bucket, with either side's credentials. */
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import type { RunSide } from '../../workflows/request/side.ts';
import { type Asker, sideClient } from '../run/side-client.ts';
import type { ProbedRun } from './probe.ts';

/** How long one request may take, and how often it is sent: a busy bucket is no reason to refuse a run. */
const PATIENCE = { requestTimeoutMilliseconds: 10_000, maxAttempts: 8 } as const;

/** Where AWS's tools begin when nobody names a Region. */
export const FIRST_REGION = 'us-east-1';

/** A client as the run's own, but for its patience. */
export function probingClient(side: RunSide, runId: string, asker: Asker): S3Client {
  return sideClient({ ...side, region: side.region ?? FIRST_REGION }, runId, asker, PATIENCE);
}

/** Clients by side and by whose credentials they have, made when they are asked for; the destination's also pay for the source, as on the nodes. */
export function probedClients(request: RunRequest, runId: string, asker: Asker): ProbedRun['clientOf'] {
  const clients = new Map<string, S3Client>();
  return (side, actor = side) => {
    const name = `${side} ${actor}`;
    const known = clients.get(name);
    if (known !== undefined) return known;
    const { profile, role, anonymous } = request[actor];
    const requestPayer = request[side].requestPayer || (actor === 'destination' && request.source.requestPayer);
    const client = probingClient({ ...request[side], profile, role, anonymous, requestPayer }, runId, asker);
    clients.set(name, client);
    return client;
  };
}
