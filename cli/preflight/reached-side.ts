/** A bucket that a command itself asks, reached before any work as `prepare-run` reaches those of a run. */
import { undiciTransport } from '../../emr-steps/s3/undici-transport.ts';
import { bucketReach } from '../../infra/local/engine/reach.ts';
import type { RunSide } from '../../workflows/request/side.ts';
import type { Host } from '../host.ts';
import { PreflightError } from './preflight-error.ts';
import { transportUntil } from './transport-until.ts';

/** The side with its Region. @param name - how the problem names it, such as `source` @throws PreflightError where it cannot be reached */
export async function reachedSide(name: string, side: RunSide, runId: string, { env, signal }: Host): Promise<RunSide> {
  const transport = undiciTransport({ connections: 1 });
  try {
    const reach = bucketReach({ env, transport: transportUntil(signal, transport) });
    return await reach.regionOf(name, side, runId);
  } catch (error) {
    throw isRefusal(error) ? new PreflightError(error.problems) : error;
  } finally {
    await transport.close();
  }
}

function isRefusal(error: unknown): error is { readonly problems: readonly string[] } {
  return error instanceof Error && 'code' in error && error.code === 'RUN_REFUSED' && 'problems' in error;
}
