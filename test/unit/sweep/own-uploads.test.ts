import { describe, expect, test } from 'vitest';
import type { OpenUpload } from '../../../emr-steps/s3/list-multipart-uploads.ts';
import { ownerOf, type SweepingRun } from '../../../emr-steps/sweep/own-uploads.ts';

const RUN: SweepingRun = { startedAt: new Date('2026-11-20T12:00:00.900Z'), session: 'r1', isOthers: (id) => id === 'theirs' };
const UPLOAD: OpenUpload = {
  key: 'k',
  uploadId: 'u',
  initiated: new Date('2026-11-20T12:00:00Z'),
  initiator: 'arn:aws:sts::111122223333:assumed-role/copier/r1',
};

describe('ownerOf', () => {
  test.each<readonly [string, Partial<OpenUpload>, Partial<SweepingRun>, string]>([
    ['begun in the second in which the run began, by its session', {}, {}, 'own'],
    ['begun a second earlier', { initiated: new Date('2026-11-20T11:59:59Z') }, {}, 'older'],
    ['begun at a time that nobody can read', { initiated: new Date('') }, {}, 'older'],
    ['begun by another session of the same role', { initiator: 'arn:aws:sts::111122223333:assumed-role/copier/r10' }, {}, 'other-session'],
    ['begun by a session whose name ends alike', { initiator: 'arn:aws:sts::111122223333:assumed-role/copier/other-r1' }, {}, 'other-session'],
    ['begun by nobody knows whom', { initiator: null }, {}, 'other-session'],
    ['begun by nobody knows whom, of a run without a session', { initiator: null }, { session: null }, 'own'],
    ['that tasks of another run name', { uploadId: 'theirs' }, {}, 'other-run'],
    ['that tasks of another run name, of a run without a session', { uploadId: 'theirs', initiator: null }, { session: null }, 'other-run'],
  ])('an upload %s', (_what, upload, run, owner) => {
    expect(ownerOf({ ...UPLOAD, ...upload }, { ...RUN, ...run })).toBe(owner);
  });
});
