/** What of a request means nothing on one machine: said aloud, or refused where people would look for the result in vain. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { RunFinding } from '../../workflows/events/run-finding.ts';
import { clusterSchema } from '../../workflows/request/cluster.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';

/** What is so. */
export interface OneMachine {
  readonly findings: readonly RunFinding[];
  /** What cannot be done here, a sentence each. */
  readonly problems: readonly string[];
}

/** Looks at a request. */
export function oneMachine(request: RunRequest): OneMachine {
  return { findings: findingsOf(request), problems: problemsOf(request) };
}

function findingsOf({ cluster, workDirectory, notify, next, diff }: RunRequest): readonly RunFinding[] {
  const found: RunFinding[] = [];
  const say = (code: string, about: RunFinding['about'], message: string): void => {
    found.push({ code, level: 'notice', about, message });
  };
  if (!isDeepStrictEqual(cluster, clusterSchema.parse(undefined)))
    say('cluster-not-used', 'cluster', 'cluster: no cluster of EMR is created or used here; the steps run where the command says');
  if (workDirectory === 'hdfs') say('work-directory-not-used', 'run', 'workDirectory (hdfs): every record file lies in the run directory here');
  if (diff.engine === 'athena') say('athena-not-used', 'run', 'diff.engine (athena): DuckDB compares here, by the same SELECT');
  if (notify.topicArns.length > 0 || notify.eventBusName !== null)
    say('notices-not-sent', 'run', 'notify: nothing is published to topics and event buses from here; the end of the run is in its event log');
  if (next !== null) say('next-not-started', 'run', `next (${next.kind}): nothing is started after a run from here; its output.json is what it would get`);
  return found;
}

function problemsOf({ runDirectory }: RunRequest): readonly string[] {
  if (runDirectory === undefined) return [];
  return [`runDirectory (${runDirectory}) is for runs on AWS; a run from here lies where the command says (--run-dir): leave the member out`];
}
