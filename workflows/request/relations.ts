/** What each member of a request allows alone but not together with the others. */
import { clusterProblems } from './cluster-problems.ts';
import { encryptionProblems } from './fidelity.ts';
import { filterProblems, filtersByMoreThanKeys } from './filters.ts';
import { writes } from './goal.ts';
import type { Problem } from './problem.ts';
import type { RelatedMembers } from './run-request.ts';

/** Every problem, those of one member's parts first. */
export function relatedProblems(request: RelatedMembers): readonly Problem[] {
  const { filters, copy, cluster, diff } = request;
  return [
    ...filterProblems(filters),
    ...encryptionProblems(copy.encryption),
    ...placeProblems(request),
    ...diffProblems(request),
    ...sideProblems(request),
    ...workProblems(request),
    ...(cluster.use === 'own' ? clusterProblems(cluster, diff.engine === 'athena') : []),
    ...verifiedRunProblems(request),
    ...endProblems(request),
  ];
}

function placeProblems({ goal, source, destination }: RelatedMembers): readonly Problem[] {
  const problems: Problem[] = [];
  const samePlace = (['bucket', 'prefix', 'endpointUrl'] as const).every((member) => source[member] === destination[member]);
  if (samePlace) problems.push({ path: ['destination'], message: 'is the source itself; another bucket, prefix or endpoint is needed' });
  if (goal === 'copy' && destination.anonymous)
    problems.push({ path: ['destination', 'anonymous'], message: 'cannot be true: nobody may write without a signature' });
  return problems;
}

function diffProblems({ goal, filters, diff }: RelatedMembers): readonly Problem[] {
  const problems: Problem[] = [];
  if (goal === 'diff' && diff.engine === 'none') problems.push({ path: ['diff', 'engine'], message: 'is none, but the goal is a diff; write hive or athena' });
  if (diff.extras && filtersByMoreThanKeys(filters))
    problems.push({
      path: ['diff', 'extras'],
      message: 'cannot be true with filters by size, time or class: what they leave out of the source would look extra',
    });
  return problems;
}

/** Nobody removes what lies on a cluster that goes on. */
function workProblems({ workDirectory, cluster }: RelatedMembers): readonly Problem[] {
  if (workDirectory !== 'hdfs' || (cluster.use === 'own' && !cluster.keep)) return [];
  return [{ path: ['workDirectory'], message: 'cannot be hdfs on a cluster that outlives the run, where its rows would stay; write run' }];
}

function sideProblems({ source, destination }: RelatedMembers): readonly Problem[] {
  return Object.entries({ source, destination })
    .filter(([, side]) => side.anonymous && (side.profile !== undefined || side.role !== undefined))
    .map(([name]) => ({ path: [name, 'anonymous'], message: 'cannot be true together with a profile or a role' }));
}

/** A run of another goal would leave out the listing of its source. */
function verifiedRunProblems({ goal, verifiedRun }: RelatedMembers): readonly Problem[] {
  if (verifiedRun === null || goal === 'verify') return [];
  return [{ path: ['verifiedRun'], message: `goes with the goal verify alone, and the goal is a ${goal}; leave one of them out` }];
}

function endProblems({ goal, verify, dryRun, next }: RelatedMembers): readonly Problem[] {
  if (next?.when !== 'verified-success' || (verify && writes({ goal, dryRun }))) return [];
  const why = goal !== 'copy' ? `the goal is a ${goal}` : dryRun ? 'dryRun is true' : 'verify is false';
  return [{ path: ['next', 'when'], message: `is verified-success, but ${why}, so that it would never come; write verify true, or when always` }];
}
