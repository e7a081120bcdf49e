/** Other runs of this machine that write to the same place and have not ended: the sweep must not take their uploads for its own. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { fileRunDirectory } from '../../emr-steps/run-directory/file-run-directory.ts';
import { OUTPUT_FILE, REQUEST_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import { RUN_ID_PATTERN } from '../../workflows/plan/run-id.ts';
import type { Neighbours } from '../../workflows/plan/run-progress.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { isUnderWay } from './run-lock.ts';

/** Characters of all their folders together that fit into the sweep's arguments. */
const MOST_CHARACTERS = 4_000;

/** The runs beside `folder` that may have open uploads where `request` writes to. */
export async function neighbourRuns(folder: string, request: RunRequest): Promise<Neighbours> {
  // Beside a directory in a bucket other machines may have runs: only what the run's own tasks name is then taken for its own.
  if (!isAbsolute(folder)) return { open: [], underWay: true };
  const names = (await readdir(dirname(folder))).filter((name) => name !== basename(folder) && RUN_ID_PATTERN.test(name));
  const open: string[] = [];
  let underWay = false;
  for (const name of names) {
    const other = join(dirname(folder), name);
    if (!(await mayHaveUploads(other, request.destination))) continue;
    open.push(other);
    underWay ||= await isUnderWay(other);
  }
  // More than can be told: only what the run's own tasks name is then taken for its own.
  return open.join(',').length > MOST_CHARACTERS ? { open: [], underWay: true } : { open, underWay };
}

/** Whether a run writes below the same keys and has not ended well. */
async function mayHaveUploads(folder: string, place: RunRequest['destination']): Promise<boolean> {
  const directory = fileRunDirectory(folder);
  const request = await readJson<RunRequest>(directory.read(REQUEST_FILE));
  if (request === null || request.goal !== 'copy' || request.dryRun) return false;
  const ended = await readJson<RunOutput>(directory.read(OUTPUT_FILE));
  return (ended === null || ended.status === 'failed') && overlaps(request.destination, place);
}

/** Whether two sides have keys in common. */
function overlaps(a: RunRequest['destination'], b: RunRequest['destination']): boolean {
  return a.bucket === b.bucket && a.endpointUrl === b.endpointUrl && (a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix));
}

async function readJson<T>(file: Promise<Uint8Array | null>): Promise<T | null> {
  try {
    const bytes = await file;
    return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as T);
  } catch {
    return null;
  }
}
