/** Which open uploads of a bucket are a run's. In doubt an upload is somebody else's: it is reported, never touched. */
import { isSince } from '../records/time.ts';
import type { OpenUpload } from '../s3/list-multipart-uploads.ts';

/** What is known of the run. */
export interface SweepingRun {
  /** When it began. */
  readonly startedAt: Date;
  /** Name of its role session, which is the last part of the initiator's ARN; null without a role, where all programs of a user look alike. */
  readonly session: string | null;
  /** Whether tasks of another run that is still open name the upload. */
  readonly isOthers: (uploadId: string) => boolean;
}

/**
 * Whose an upload is:
 *
 * | begun before the run | by another session | named by another run | verdict |
 * |---|---|---|---|
 * | yes | | | `older` |
 * | no | yes, or unknown though the run has one | | `other-session` |
 * | no | no | yes | `other-run` |
 * | no | no | no | `own`, where its key was to be copied |
 */
export type UploadOwner = 'own' | 'older' | 'other-session' | 'other-run';

/** Whose an upload is, as far as it says so itself; whether its key was to be copied is the caller's to know. */
export function ownerOf({ uploadId, initiated, initiator }: OpenUpload, { startedAt, session, isOthers }: SweepingRun): UploadOwner {
  if (!isSince(initiated, startedAt)) return 'older';
  if (session !== null && initiator?.endsWith(`/${session}`) !== true) return 'other-session';
  return isOthers(uploadId) ? 'other-run' : 'own';
}
