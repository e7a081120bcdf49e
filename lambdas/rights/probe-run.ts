/** Every probe of a run, in the order in which it meets the rights. */
import { uploadPartCopy } from '../../emr-steps/s3/upload-part-copy.ts';
import type { SideName } from '../../workflows/access/access-need.ts';
import { readersOf } from '../../workflows/access/source-needs.ts';
import type { RunFinding } from '../../workflows/events/run-finding.ts';
import { plannedCopyMode } from '../../workflows/request/access.ts';
import { attempt } from './attempt.ts';
import type { Denial } from './denial.ts';
import { Findings, type ProbedRun } from './probe.ts';
import { probeDestination } from './probe-destination.ts';
import { type ListingProbe, probeListing } from './probe-listing.ts';
import { probeReading } from './probe-reading.ts';
import type { UseOfUpload } from './probe-writing.ts';

/** What they found. */
export interface ProbedRights {
  readonly denials: readonly Denial[];
  readonly notes: readonly RunFinding[];
  /** The key of KMS that the sample of the source is encrypted with; null: none, or nobody knows. */
  readonly key: string | null;
}

/** Both sides at once. @param usesKey - whether the destination encrypts by a key of KMS by itself */
export async function probeRun(run: ProbedRun, usesKey: Promise<boolean>): Promise<ProbedRights> {
  const ofSource = new Findings('source', 'source');
  const isOpen = run.request.source.anonymous;
  const listing: Promise<ListingProbe> = isOpen ? Promise.resolve({ sample: null, tellsMissing: true }) : probeListing(run, 'source', ofSource);
  const notes: RunFinding[] = [];
  const [readings, ofDestination] = await Promise.all([
    listing.then((found) => Promise.all(readersOf(run.request).map((actor) => readAs(run, actor, found)))),
    probeDestination(run, usesKey, copyInside(run, listing, notes)),
  ]);
  const denials = [ofSource, ...readings.map(({ findings }) => findings), ofDestination].flatMap((found) => found.denials);
  return { denials, notes, key: readings.find(({ key }) => key !== null)?.key ?? null };
}

async function readAs(run: ProbedRun, actor: SideName, listing: ListingProbe) {
  const findings = new Findings(actor, 'source');
  const { encryption } = await probeReading(run, actor, listing, findings);
  return { findings, key: encryption?.kmsKeyId ?? null };
}

/** An ETag that no object has: the copy is refused (412) once it was allowed, and never happens. */
const NO_ETAG = '00000000000000000000000000000000';

/** Tries a copy inside S3 where the run plans any. @param listing - of the source */
function copyInside({ request }: ProbedRun, listing: Promise<ListingProbe>, notes: RunFinding[]): UseOfUpload {
  return async (client, upload) => {
    const { sample } = await listing;
    if (sample === null || plannedCopyMode(request) === 'streaming') return;
    const source = { bucket: request.source.bucket, key: sample.key, etag: NO_ETAG };
    const error = await attempt(() => uploadPartCopy(client, { ...upload, partNumber: 2, source, range: null }));
    if (error !== null) notes.push(refusedInside(request.copy.mode === 'server-side', error.reason));
  };
}

function refusedInside(isAsked: boolean, reason: string): RunFinding {
  const why = `copying inside S3 is refused (${reason}): a missing right at the source, an endpoint between Regions, or a rule of the organisation`;
  const instead = isAsked ? 'every object will fail so; write copy.mode streaming' : 'every object will be streamed through the nodes';
  return { code: 'server-side-refused', level: 'warning', about: 'run', message: `${why}; as it is, ${instead}` };
}
