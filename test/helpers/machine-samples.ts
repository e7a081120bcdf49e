/** Samples of what flows through the machine of one run: a state for each kind of request, an answer for each call. */
import { ownCluster } from '../../lambdas/aws/own-cluster.ts';
import type { ClusterSettings } from '../../lambdas/aws/settings.ts';
import type { ChosenCluster } from '../../lambdas/prepare-run/prepare-run.ts';
import { choicesOf } from '../../lambdas/prepare-run/run-choices.ts';
import type { RunFacts } from '../../workflows/plan/run-facts.ts';
import { planRun } from '../../workflows/plan/run-plan.ts';
import { firstProgress } from '../../workflows/plan/run-progress.ts';
import type { ClusterParameters, FormParameters, RunState } from '../../workflows/plan/run-state.ts';
import type { RunRequestInput } from '../../workflows/request/run-request.ts';
import { type HandlerContracts, type HandlerName, handlerOf } from '../../workflows/state-machine/handlers.ts';
import { runFacts } from './run-facts.ts';

/** A kind of run. */
export interface RunKind {
  readonly request?: Partial<RunRequestInput>;
  readonly cluster?: Partial<Pick<ChosenCluster, 'createCluster' | 'terminateCluster' | 'listTogether'>>;
  /** Parameters that only this kind of cluster has. */
  readonly parameters?: Partial<FormParameters>;
  /** A resumed run has its partitions already. */
  readonly partitioned?: boolean;
}

/** What the stack tells of itself. */
export const CLUSTER_SETTINGS: ClusterSettings = {
  nodeArchive: 's3://assets/1.tar.gz',
  files: { 'list-objects.js': 's3://assets/2.js' },
  dataRole: { arn: 'arn:aws:iam::111122223333:role/carillon-data', stsRegion: 'eu-central-1' },
  serviceRole: 'arn:aws:iam::111122223333:role/carillon-service',
  instanceProfile: 'carillon-nodes',
  subnetIds: ['subnet-01234567', 'subnet-89abcdef'],
  securityGroups: { primary: 'sg-1', core: 'sg-2', serviceAccess: 'sg-3' },
  securityConfiguration: 'carillon',
  logs: 's3://work-bucket/logs',
  tags: { 'for-use-with-amazon-emr-managed-policies': 'true' },
  bootstrapActions: [{ name: 'grow-volumes', location: 's3://assets/3.sh', args: ['80'] }],
  athena: { workGroup: 'w', database: 'd', resultLocation: 's3://work-bucket/athena' },
};

/** What RunJobFlow is asked for a request. */
export function clusterParameters(request: Partial<RunRequestInput> = {}): ClusterParameters {
  const parsed = runFacts(request).request;
  if (parsed.cluster.use !== 'own') throw new Error('a cluster of its own is asked for');
  return ownCluster(parsed, parsed.cluster, CLUSTER_SETTINGS, '20260102-030405-0123456789').cluster.parameters;
}

/** What RunJobFlow is asked for the smallest request. */
export const CLUSTER_PARAMETERS = clusterParameters();

/** The state after `prepare-run`. */
function runState({ request = {}, cluster = {}, parameters = {}, partitioned = false }: RunKind): RunState {
  const athena = { workGroup: 'carillon', database: 'carillon', resultLocation: 's3://work-bucket/athena/' };
  const facts: RunFacts = { ...runFacts(request), runDirectory: 's3://work-bucket/runs/1', athena: request.diff?.engine === 'athena' ? athena : null };
  const own = { createCluster: true, terminateCluster: true, listTogether: true, ...cluster };
  const chosen = { id: own.createCluster ? '' : 'j-GIVEN', name: facts.runId, parameters: { ...CLUSTER_PARAMETERS, ...parameters } };
  return {
    run: { id: facts.runId, directory: facts.runDirectory, startedAt: '2026-01-02T03:04:05.678Z', executionArn: 'arn:aws:states:eu-central-1:1:execution:m:n' },
    choices: choicesOf(facts.request, { ...own, cluster: chosen, facts: facts.cluster }, partitioned),
    cluster: chosen,
    plan: planRun(facts, firstProgress()),
    findings: [],
  };
}

type Answers = { readonly [H in HandlerName]: HandlerContracts[H]['output'] };

const SUMMARY = {
  done: true,
  runId: 'r',
  status: 'succeeded',
  tolerated: false,
  output: 's3://work-bucket/runs/r/output.json',
  cause: 'run r succeeded',
} as const;

function handlerAnswers(state: RunState): Answers {
  const { plan } = state;
  return {
    'prepare-run': state,
    'split-partitions': { plan },
    'assess-diff': { plan, nothingToDo: false, hasRowsToCopy: true, hasExtraRows: true },
    'decide-retry': { plan, next: 'try', why: 'why', unsettled: 1 },
    'summarize-run': SUMMARY,
    notify: {},
    'stop-cluster': { done: true, terminated: [], cancelledSteps: 0, abortedUploads: 0 },
    'release-lock': {},
    'prepare-fan-out': { concurrency: 2, tries: 2, toleratedFailures: 0, children: [{ name: 'a', input: {} }] },
    'summarize-fan-out': { ...SUMMARY, succeeded: 1, failed: 0 },
  };
}

/** What the services answer, by call. */
export const SERVICE_ANSWERS: Readonly<Record<string, unknown>> = {
  'elasticmapreduce:createCluster.sync': { ClusterId: 'j-1', Cluster: { Id: 'j-1' } },
  'elasticmapreduce:addStep.sync': { Step: { Id: 's-1' } },
  'elasticmapreduce:terminateCluster.sync': { ClusterId: 'j-1', Cluster: { Id: 'j-1' } },
  'athena:startQueryExecution.sync': { QueryExecution: { QueryExecutionId: 'q-1' } },
  'states:startExecution.sync:2': { ExecutionArn: 'arn', Output: SUMMARY },
};

/** The answer of a call in a run of this kind. */
export function answerOf(kind: RunKind): (call: string, parameters: unknown) => unknown {
  const answers = handlerAnswers(runState(kind));
  return (call, parameters) => {
    if (call !== 'lambda:invoke') return SERVICE_ANSWERS[call];
    const handler = handlerOf((parameters as { readonly FunctionName: string }).FunctionName);
    return { StatusCode: 200, Payload: handler === null ? null : answers[handler] };
  };
}

/** Paths whose sample value is the only one in a run of one kind. The sweep of a run that is resumed is never left out. */
export function isFixed(path: string): boolean {
  return path.startsWith('$.choices.') || path === '$.decided.plan.steps.sweepUploads.finished';
}

const hive = { diff: { engine: 'hive' } } as const;
const athena = { diff: { engine: 'athena', extras: true } } as const;

const IMAGE = { CustomAmiId: 'ami-0123456789abcdef0' } as const;
const KERBEROS = { KerberosAttributes: { Realm: 'EC2.INTERNAL', KdcAdminPassword: 'p' } } as const;

/** Every kind of run that passes other states. */
export const RUN_KINDS: Readonly<Record<string, RunKind>> = {
  'a copy': {},
  'a copy that is verified': { request: { verify: true } },
  'a copy after a Hive diff': { request: { ...hive, verify: true } },
  'a copy after a Hive diff, one listing at a time': { request: hive, cluster: { listTogether: false } },
  'a copy after an Athena diff': { request: { ...athena, verify: true } },
  'a copy on a given cluster': { request: { ...hive, verify: true }, cluster: { createCluster: false, terminateCluster: false } },
  'a copy on a cluster that is kept': { cluster: { terminateCluster: false } },
  'a copy on a cluster of an image': { parameters: IMAGE },
  'a copy on a Kerberos cluster': { parameters: KERBEROS },
  'a copy on a Kerberos cluster of an image': { parameters: { ...IMAGE, ...KERBEROS } },
  'a copy that is resumed': { request: { ...athena, verify: true }, partitioned: true },
  'a dry run': { request: { dryRun: true, verify: true } },
  'a dry run after a Hive diff': { request: { ...hive, dryRun: true } },
  'a Hive diff': { request: { goal: 'diff', ...hive } },
  'an Athena diff': { request: { goal: 'diff', ...athena } },
  'a verification': { request: { goal: 'verify' } },
  'a verification of an earlier run': { request: { goal: 'verify', verifiedRun: '20260101-030405-0123456789' }, partitioned: true },
};
