/** Finds out before a run what both buckets are set to, and proves every right that it needs; nothing is written. */
import { callerIdentity } from '../../emr-steps/credentials/caller-identity.ts';
import { sideCredentials } from '../../emr-steps/credentials/side-credentials.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { S3Error } from '../../emr-steps/s3/s3-error.ts';
import { uploadPartCopy } from '../../emr-steps/s3/upload-part-copy.ts';
import { type AccessFacts, accountOf, actorArn, ownerOf } from '../../workflows/access/access-facts.ts';
import type { SideName } from '../../workflows/access/access-need.ts';
import { accessOf } from '../../workflows/access/access-of.ts';
import { readersOf } from '../../workflows/access/source-needs.ts';
import type { RunFinding } from '../../workflows/events/run-finding.ts';
import { plannedCopyMode } from '../../workflows/request/access.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { RefusedError } from '../run/refused-error.ts';
import { type Asker, sideClient } from '../run/side-client.ts';
import { attempt } from './attempt.ts';
import { type Asked, destinationSettings, type SourceSettings, sourceSettings, valueOr } from './bucket-settings.ts';
import { type Denial, isKeyProblem, refusesCredentials } from './denial.ts';
import { explainDenials } from './explain-denial.ts';
import { Findings, type ProbedRun } from './probe.ts';
import { probeDestination } from './probe-destination.ts';
import { type ListingProbe, probeListing } from './probe-listing.ts';
import { isByKms, probeReading } from './probe-reading.ts';
import type { UseOfUpload } from './probe-writing.ts';
import { regionFindings } from './region-findings.ts';
import { settingsFindings } from './settings-findings.ts';

/** How long one request may take, and how often it is sent: a busy bucket is no reason to refuse a run. */
const PATIENCE = { requestTimeoutMilliseconds: 10_000, maxAttempts: 8 } as const;

/** Where AWS's tools begin when nobody names a Region. */
const FIRST_REGION = 'us-east-1';

/**
 * Examines it.
 *
 * @param request - with the Regions of both sides
 * @returns what people should know
 * @throws RefusedError where a right is missing, with each explained
 */
export async function examineRun(request: RunRequest, runId: string, asker: Asker): Promise<readonly RunFinding[]> {
  const clientOf = clientsOf(request, runId, asker);
  const [source, destination] = await Promise.all([sourceSettings(clientOf('source')), destinationSettings(clientOf('destination'))]);
  const facts = factsOf(request, asker, { source, destination });
  const run: ProbedRun = { request, runId, clientOf, needs: accessOf(request, facts) };
  const account = accountOf(actorArn(request, facts, 'destination'));
  const owner = ownerOf(request, facts, 'destination');
  const said = [...regionFindings(request), ...settingsFindings(request, source, destination, account === null || owner === null ? null : account !== owner)];
  const probed = await probeAll(run, isByKms(valueOr(destination.encryption, null))).catch((error: unknown) => notProven(request, error));
  if ('findings' in probed) return [...said, ...probed.findings];
  if (probed.denials.length > 0) throw new RefusedError(await explain(probed.denials, run, withKey(facts, probed.key), asker));
  return [...said, ...probed.notes];
}

interface Probed {
  readonly denials: readonly Denial[];
  readonly notes: readonly RunFinding[];
  /** The key of KMS that the sample of the source is encrypted with. */
  readonly key: string | null;
}

/** The source first: copying inside S3 is tried with one of its objects. */
async function probeAll(run: ProbedRun, usesKey: boolean): Promise<Probed> {
  const ofSource = new Findings('source', 'source');
  const notes: RunFinding[] = [];
  const isOpen = run.request.source.anonymous;
  const listing = isOpen ? { sample: null, tellsMissing: true } : await probeListing(run, 'source', ofSource);
  const denials: Denial[] = [...ofSource.denials];
  let key: string | null = null;
  for (const actor of readersOf(run.request)) {
    const findings = new Findings(actor, 'source');
    const { encryption } = await probeReading(run, actor, listing, findings);
    key ??= encryption?.kmsKeyId ?? null;
    denials.push(...findings.denials);
  }
  const ofDestination = await probeDestination(run, usesKey, copyInside(run, listing, notes));
  return { denials: [...denials, ...ofDestination.denials], notes, key };
}

/** An ETag that no object has: the copy is refused (412) once it was allowed, and never happens. */
const NO_ETAG = '00000000000000000000000000000000';

/** Tries a copy inside S3 where the run plans any. */
function copyInside({ request }: ProbedRun, { sample }: ListingProbe, notes: RunFinding[]): UseOfUpload {
  return async (client, upload) => {
    if (sample === null || plannedCopyMode(request) === 'streaming') return;
    const source = { bucket: request.source.bucket, key: sample.key, etag: NO_ETAG };
    const error = await attempt(() => uploadPartCopy(client, { ...upload, partNumber: 2, source, range: null }));
    if (error === null) return;
    const message = `copying inside S3 is refused (${error.reason}), though the source may be read and the destination written: an endpoint between Regions, or a rule of the organisation?`;
    const instead =
      request.copy.mode === 'server-side' ? 'every object will fail so; write copy.mode streaming' : 'every object will be streamed through the nodes';
    notes.push({ code: 'server-side-refused', level: 'warning', about: 'run', message: `${message} As it is, ${instead}` });
  };
}

/** Clients by side and by whose credentials they have; the destination's also pay for the source, as on the nodes. */
function clientsOf(request: RunRequest, runId: string, asker: Asker): ProbedRun['clientOf'] {
  const clients = new Map<string, S3Client>();
  return (side, actor = side) => {
    const name = `${side} ${actor}`;
    const known = clients.get(name);
    if (known !== undefined) return known;
    const { profile, role, anonymous } = request[actor];
    const place = {
      ...request[side],
      profile,
      role,
      anonymous,
      requestPayer: request[side].requestPayer || (actor === 'destination' && request.source.requestPayer),
    };
    const client = sideClient({ ...place, region: place.region ?? FIRST_REGION }, runId, asker, PATIENCE);
    clients.set(name, client);
    return client;
  };
}

function factsOf(request: RunRequest, { env }: Asker, settings: Readonly<Record<SideName, SourceSettings>>): AccessFacts {
  const keyOf = (side: SideName) => defaultKey(settings[side].encryption);
  return {
    dataRole: env.CARILLON_DATA_ROLE_ARN || null,
    keys: { source: keyOf('source'), destination: copiesUseDefault(request) ? keyOf('destination') : [] },
  };
}

function copiesUseDefault({ copy: { encryption } }: RunRequest): boolean {
  return encryption.kind === 'bucket-default' || encryption.kind === 'keep';
}

function defaultKey(encryption: Asked<{ readonly kmsKeyId: string | null } | null>): readonly string[] {
  const key = valueOr(encryption, null)?.kmsKeyId ?? null;
  return key === null ? [] : [key];
}

function withKey(facts: AccessFacts, key: string | null): AccessFacts {
  return key === null ? facts : { ...facts, keys: { ...facts.keys, source: [...new Set([...(facts.keys?.source ?? []), key])] } };
}

async function explain(denials: readonly Denial[], run: ProbedRun, facts: AccessFacts, asker: Asker): Promise<readonly string[]> {
  const principals = new Map<SideName, string | null>();
  for (const { actor } of denials) if (!principals.has(actor)) principals.set(actor, await principalOf(run, actor, asker));
  const sentences = explainDenials(denials, ({ actor }) => ({ request: run.request, facts, principal: principals.get(actor) ?? null }));
  return [...sentences, ...(await strangeOwners(denials, run, asker))];
}

async function principalOf({ request, runId }: ProbedRun, actor: SideName, { env, transport }: Asker): Promise<string | null> {
  const { profile, role, region, endpointUrl, anonymous } = request[actor];
  const ownSts = env.AWS_ENDPOINT_URL_STS || env.AWS_ENDPOINT_URL || undefined;
  // Another S3 than AWS's has no STS there.
  if (anonymous || (endpointUrl !== undefined && ownSts === undefined)) return null;
  const credentials = sideCredentials({ profile, role, region, stsRegion: role?.stsRegion, sessionName: runId, env, send: transport });
  const stsRegion = role?.stsRegion ?? (env.CARILLON_STS_REGION || region || FIRST_REGION);
  return callerIdentity({ credentials, region: stsRegion, endpointUrl: ownSts, send: transport });
}

/** A bucket of another account than the one that is expected answers 403 as well: is that it? */
async function strangeOwners(denials: readonly Denial[], { request, runId }: ProbedRun, asker: Asker): Promise<readonly string[]> {
  const sides = new Set(denials.filter(({ action }) => action === 's3:ListBucket').map(({ owner }) => owner));
  const found: string[] = [];
  for (const name of sides) {
    const side = request[name];
    if (side.expectedOwner === undefined) continue;
    const client = sideClient({ ...side, expectedOwner: undefined, region: side.region ?? FIRST_REGION }, runId, asker, PATIENCE);
    const run = { request, runId, needs: [], clientOf: () => client };
    const findings = new Findings(name, name);
    await probeListing(run, name, findings);
    if (findings.denials.length === 0)
      found.push(`${name}.expectedOwner: s3://${side.bucket} does not belong to account ${side.expectedOwner}; without that word it may be listed`);
  }
  return found;
}

/** What cannot be asked is no reason to refuse a run, unless nobody could ever run it. @throws RefusedError, or what is no error of S3 */
function notProven(request: RunRequest, error: unknown): { readonly findings: readonly RunFinding[] } {
  if (!(error instanceof S3Error)) throw error;
  const side = error.bucket === request.destination.bucket ? 'destination' : 'source';
  if (isKeyProblem(error))
    throw new RefusedError([`${side} s3://${error.bucket}: ${error.reason} (${error.code}); copies need a key that is there and enabled`]);
  if (refusesCredentials(error)) throw new RefusedError([`${side} s3://${error.bucket}: the credentials are refused: ${error.code}: ${error.reason}`]);
  return {
    findings: [
      { code: 'rights-not-proven', level: 'warning', about: side, message: `whether the run has all rights could not be found out: ${error.message}` },
    ],
  };
}
