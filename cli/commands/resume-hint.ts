/** How to go on with a run that was cut off, for people to paste. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EVENTS_FILE, REQUEST_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunEvent } from '../../workflows/events/run-event.ts';
import { writes } from '../../workflows/request/goal.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import type { ClusterChoice } from '../preflight/cluster-choice.ts';

/** For a run of this machine. @param runs - the folder of the run directories as it was given; undefined: the default one */
export function resumeHere(runId: string, runs: string | undefined, { cluster, 'cluster-dir': base }: ClusterChoice = {}): string {
  const options = Object.entries({ 'run-dir': runs, cluster, 'cluster-dir': base });
  const words = options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${quoted(value)}`]));
  return ['go on with it by: carillon copy --resume', runId, ...words].join(' ');
}

/**
 * As {@link resumeHere}, for a run of which no more is known than its folder on this machine: its events tell where its directory is. Empty where the
 * run writes nothing, and so leaves nothing to go on with; one whose request cannot be read there is taken for one that writes.
 */
export async function resumeFound(
  { runId, folder }: { readonly runId: string; readonly folder: string },
  runs: string | undefined,
): Promise<readonly string[]> {
  const request = await requestIn(folder);
  if (request !== null && !writes(request)) return [];
  const events = await readFile(join(folder, EVENTS_FILE), 'utf8').catch(() => '');
  return [resumeHere(runId, runs, clusterOf(events))];
}

async function requestIn(folder: string): Promise<RunRequest | null> {
  try {
    return JSON.parse(await readFile(join(folder, REQUEST_FILE), 'utf8')) as RunRequest;
  } catch {
    return null;
  }
}

function clusterOf(events: string): ClusterChoice {
  const line = events.split('\n').find((text) => text.includes('"run.started"'));
  const { runDirectory = '' } = line === undefined ? {} : (JSON.parse(line) as Partial<Extract<RunEvent, { readonly type: 'run.started' }>>);
  const [, base] = /^((?:s3|file):\/\/.+)\/[^/]+$/.exec(runDirectory) ?? [];
  return base === undefined ? {} : { cluster: 'hadoop', 'cluster-dir': base };
}

/** For a run on AWS. */
export function resumeOnAws(runId: string): string {
  return `go on with it by: carillon start REQUEST.json --resume ${runId}`;
}

/** One word of a shell. */
function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
