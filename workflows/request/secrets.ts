/** What of a request is nobody's business once the cluster is asked for. */
import type { RunRequest } from './run-request.ts';

/** Stands where a password was. */
const HIDDEN = '(not kept)';

/** The request as it may be written down: the passwords of Kerberos go to EMR and nowhere else of ours. */
export function withoutSecrets(request: RunRequest): RunRequest {
  const { cluster } = request;
  if (cluster.use === 'given' || cluster.kerberos === null) return request;
  const kept = Object.entries(cluster.kerberos).map(([name, value]) => [name, /password/i.test(name) ? HIDDEN : value]);
  return { ...request, cluster: { ...cluster, kerberos: Object.fromEntries(kept) as typeof cluster.kerberos } };
}
