/** Finds out before a run what both buckets are set to, and proves every right that it needs; nothing is written. */
import { S3Error } from '../../emr-steps/s3/s3-error.ts';
import { type AccessFacts, accountOf, actorArn, ownerOf } from '../../workflows/access/access-facts.ts';
import type { SideName } from '../../workflows/access/access-need.ts';
import { accessOf } from '../../workflows/access/access-of.ts';
import type { RunFinding } from '../../workflows/events/run-finding.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { RefusedError } from '../run/refused-error.ts';
import type { Asker } from '../run/side-client.ts';
import { destinationSettings, type SourceSettings, sourceSettings, valueOr } from './bucket-settings.ts';
import { isKeyProblem, refusesCredentials } from './denial.ts';
import type { ProbedRun } from './probe.ts';
import { isByKms } from './probe-reading.ts';
import { type ProbedRights, probeRun } from './probe-run.ts';
import { probedClients } from './probed-clients.ts';
import { refusedRights } from './refused-rights.ts';
import { regionFindings } from './region-findings.ts';
import { settingsFindings } from './settings-findings.ts';

/**
 * Examines it.
 *
 * @param request - with the Regions of both sides
 * @returns what people should know
 * @throws RefusedError where a right is missing, with each explained; CredentialsError
 */
export async function examineRun(request: RunRequest, runId: string, asker: Asker): Promise<readonly RunFinding[]> {
  const clientOf = probedClients(request, runId, asker);
  const run: ProbedRun = { request, runId, clientOf, needs: accessOf(request, { dataRole: null }) };
  const asked = [sourceSettings(clientOf('source')), destinationSettings(clientOf('destination'))] as const;
  const usesKey = asked[1].then(({ encryption }) => isByKms(valueOr(encryption, null)));
  const [source, destination, probed] = await Promise.all([...asked, probeRun(run, usesKey).catch((error: unknown) => notProven(request, error))]);
  const facts = factsOf(request, asker, { source, destination });
  const said = [...regionFindings(request), ...settingsFindings(request, source, destination, crossesAccounts(request, facts))];
  if (probed.denials.length > 0) throw await refusedRights(probed.denials, run, withKey(facts, probed.key), asker);
  return [...said, ...probed.notes];
}

/** Whether another account than the bucket's owner writes; null: not known. */
function crossesAccounts(request: RunRequest, facts: AccessFacts): boolean | null {
  const account = accountOf(actorArn(request, facts, 'destination'));
  const owner = ownerOf(request, facts, 'destination');
  return account === null || owner === null ? null : account !== owner;
}

function factsOf(request: RunRequest, { env }: Asker, settings: Readonly<Record<SideName, SourceSettings>>): AccessFacts {
  const { kind } = request.copy.encryption;
  const usesDefault = kind === 'bucket-default' || kind === 'keep';
  return {
    dataRole: env.CARILLON_DATA_ROLE_ARN || null,
    keys: { source: defaultKey(settings.source), destination: usesDefault ? defaultKey(settings.destination) : [] },
  };
}

function defaultKey({ encryption }: SourceSettings): readonly string[] {
  const key = valueOr(encryption, null)?.kmsKeyId ?? null;
  return key === null ? [] : [key];
}

/** The key that an object of the source was seen with, which need not be the bucket's default of today. */
function withKey(facts: AccessFacts, key: string | null): AccessFacts {
  return key === null ? facts : { ...facts, keys: { ...facts.keys, source: [...new Set([...(facts.keys?.source ?? []), key])] } };
}

/** What cannot be asked is no reason to refuse a run, unless nobody could ever run it. @throws RefusedError, or what is no error of S3 */
function notProven(request: RunRequest, error: unknown): ProbedRights {
  if (!(error instanceof S3Error)) throw error;
  const side = error.bucket === request.destination.bucket ? 'destination' : 'source';
  if (isKeyProblem(error)) throw new RefusedError([`${side} s3://${error.bucket}: ${error.reason} (${error.code}); a key is needed that is there and enabled`]);
  if (refusesCredentials(error)) throw new RefusedError([`${side} s3://${error.bucket}: the credentials are refused: ${error.code}: ${error.reason}`]);
  const message = `whether the run has all rights could not be found out: ${error.message}`;
  return { denials: [], notes: [{ code: 'rights-not-proven', level: 'warning', about: side, message }], key: null };
}
