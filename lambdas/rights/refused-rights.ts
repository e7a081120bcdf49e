/** Denials as the refusal of a run: who was refused, by whose bucket, and what to do. */
import { callerIdentity } from '../../emr-steps/credentials/caller-identity.ts';
import { sideCredentials } from '../../emr-steps/credentials/side-credentials.ts';
import type { AccessFacts } from '../../workflows/access/access-facts.ts';
import type { SideName } from '../../workflows/access/access-need.ts';
import { RefusedError } from '../run/refused-error.ts';
import type { Asker } from '../run/side-client.ts';
import type { Denial } from './denial.ts';
import { explainDenials } from './explain-denial.ts';
import { Findings, type ProbedRun } from './probe.ts';
import { probeListing } from './probe-listing.ts';
import { FIRST_REGION, probingClient } from './probed-clients.ts';

/** The refusal, the first denial first. @param facts - with the keys that were met */
export async function refusedRights(denials: readonly Denial[], run: ProbedRun, facts: AccessFacts, asker: Asker): Promise<RefusedError> {
  const strange = await strangeOwners(denials, run, asker);
  const others = denials.filter(({ owner }) => !strange.has(owner));
  const principals = new Map<SideName, string | null>();
  for (const { actor } of others) if (!principals.has(actor)) principals.set(actor, await principalOf(run, actor, asker));
  const sentences = explainDenials(others, ({ actor }) => ({ request: run.request, facts, principal: principals.get(actor) ?? null }));
  return new RefusedError([...strange.values(), ...sentences]);
}

async function principalOf({ request, runId }: ProbedRun, actor: SideName, { env, transport }: Asker): Promise<string | null> {
  const { profile, role, region, endpointUrl, anonymous } = request[actor];
  const ownSts = env.AWS_ENDPOINT_URL_STS || env.AWS_ENDPOINT_URL || undefined;
  // Another S3 than AWS's has no STS at AWS.
  if (anonymous || (endpointUrl !== undefined && ownSts === undefined)) return null;
  const credentials = sideCredentials({ profile, role, region, stsRegion: role?.stsRegion, sessionName: runId, env, send: transport });
  const stsRegion = role?.stsRegion ?? (env.CARILLON_STS_REGION || region || FIRST_REGION);
  return callerIdentity({ credentials, region: stsRegion, endpointUrl: ownSts, send: transport });
}

/** A bucket of another account than the one that is expected answers 403 as well: is that it? */
async function strangeOwners(denials: readonly Denial[], { request, runId }: ProbedRun, asker: Asker): Promise<ReadonlyMap<SideName, string>> {
  const sides = new Set(denials.filter(({ action }) => action === 's3:ListBucket').map(({ owner }) => owner));
  const found = new Map<SideName, string>();
  for (const name of sides) {
    const { expectedOwner, ...side } = request[name];
    if (expectedOwner === undefined) continue;
    const client = probingClient(side, runId, asker);
    const findings = new Findings(name, name);
    await probeListing({ request, runId, needs: [], clientOf: () => client }, name, findings);
    if (findings.denials.length === 0)
      found.set(name, `${name}.expectedOwner: s3://${side.bucket} does not belong to account ${expectedOwner}; it may be listed by whoever expects nobody`);
  }
  return found;
}
