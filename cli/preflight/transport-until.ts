/** Requests that end with the command that sends them. */
import { eitherSource } from '../../emr-steps/s3/abort-source.ts';
import type { Transport } from '../../emr-steps/s3/transport.ts';

/** A transport whose requests end as soon as `signal` does, too. */
export function transportUntil(signal: AbortSignal, transport: Transport): Transport {
  return (request, own) => transport(request, eitherSource(own, signal));
}
