/** Ways through the machines: what their tasks answer, and how they must end. */
import { REFUSED_ERROR } from '../../workflows/plan/run-state.ts';
import { type Answers, assessed, decided, handled, preparedRun, summarized } from './answers.ts';

/** One way. */
export interface Scenario {
  readonly title: string;
  readonly machine: 'copy-run' | 'fan-out';
  readonly answers: Answers;
  /** `SUCCEEDED`, or the error of the failed execution. */
  readonly ends: string;
}

const STEP_FAILED = { throws: 'EMR.StepFailed', cause: '{"Step":{"Name":"copy-objects.r1.t1","Status":{"State":"FAILED"}}}' };
const THROTTLED = { throws: 'EMR.ThrottlingException', cause: 'Rate exceeded' };
const REFUSAL = { throws: REFUSED_ERROR, cause: '{"errorMessage":"another run of this pair of buckets is under way","errorType":"Carillon.Refused"}' };
const CHILD = { returns: { ExecutionArn: 'arn', Status: 'SUCCEEDED', Output: { runId: 'child' } } };
const childFailed = (error: string) => ({ throws: 'Child.Failed', cause: JSON.stringify({ Error: error, Cause: 'why', Status: 'FAILED' }) });
const STEP = { returns: { Step: { Id: 's-1' } } };

/** All of them. */
export const SCENARIOS: readonly Scenario[] = [
  { title: 'everything is copied on a cluster of its own', machine: 'copy-run', answers: {}, ends: 'SUCCEEDED' },
  {
    title: 'equal buckets leave nothing to do',
    machine: 'copy-run',
    answers: { 'Prepare run': [preparedRun({ diffEngine: 'hive', listDestination: true })], 'Assess diff': [assessed(true)] },
    ends: 'SUCCEEDED',
  },
  {
    title: 'what failed is settled in a second round',
    machine: 'copy-run',
    answers: { 'Decide next round': [decided('round'), decided('end')], 'Plan next round': [decided('round')] },
    ends: 'SUCCEEDED',
  },
  {
    title: 'both sides are listed at once and compared by Hive',
    machine: 'copy-run',
    answers: { 'Prepare run': [preparedRun({ diffEngine: 'hive', listDestination: true, listTogether: true })] },
    ends: 'SUCCEEDED',
  },
  { title: 'throttling heals', machine: 'copy-run', answers: { 'Copy objects': [THROTTLED, THROTTLED, STEP] }, ends: 'SUCCEEDED' },
  {
    title: 'a step succeeds in its second try',
    machine: 'copy-run',
    answers: { 'Copy objects': [STEP_FAILED, STEP], 'Copy objects: decide on another try': [decided('try')] },
    ends: 'SUCCEEDED',
  },
  {
    title: 'a step has no try left',
    machine: 'copy-run',
    answers: {
      'Copy objects': [STEP_FAILED],
      'Stop cluster': [
        handled({ done: false, terminated: ['j'], cancelledSteps: 0, abortedUploads: 0 }),
        handled({ done: true, terminated: [], cancelledSteps: 0, abortedUploads: 0 }),
      ],
      'Summarize failed run': [summarized('failed')],
    },
    ends: 'Carillon.RunFailed',
  },
  {
    title: 'Athena compares, and its first query fails once',
    machine: 'copy-run',
    answers: {
      'Prepare run': [preparedRun({ diffEngine: 'athena', listDestination: true })],
      'Count verdicts': [{ throws: 'Athena.QueryFailed', cause: 'GENERIC_INTERNAL_ERROR' }, { returns: { QueryExecution: { QueryExecutionId: 'q-2' } } }],
      'Compare by Athena: decide on another try': [decided('try')],
    },
    ends: 'SUCCEEDED',
  },
  {
    title: 'a given cluster is left as it was',
    machine: 'copy-run',
    answers: { 'Prepare run': [preparedRun({ createCluster: false, terminateCluster: false })] },
    ends: 'SUCCEEDED',
  },
  { title: 'a run is refused', machine: 'copy-run', answers: { 'Prepare run': [REFUSAL] }, ends: REFUSED_ERROR },
  {
    title: 'the books balance, and objects failed',
    machine: 'copy-run',
    answers: { 'Summarize run': [summarized('partial')] },
    ends: 'Carillon.ObjectsFailed',
  },
  {
    title: 'objects failed, no more than is tolerated, and people could not be told',
    machine: 'copy-run',
    answers: { 'Summarize run': [summarized('partial', true)], Notify: [{ throws: 'NoTopic', cause: '{"errorMessage":"no topic"}' }] },
    ends: 'SUCCEEDED',
  },
  {
    title: 'a verification finds differences',
    machine: 'copy-run',
    answers: { 'Prepare run': [preparedRun({ verify: true })], 'Summarize run': [summarized('failed', false, false), summarized('failed')] },
    ends: 'Carillon.RunFailed',
  },
  { title: 'two children run', machine: 'fan-out', answers: {}, ends: 'SUCCEEDED' },
  {
    title: 'a child fails, is started again and fails; the other is refused',
    machine: 'fan-out',
    answers: {
      'Run child': [childFailed('Carillon.RunFailed'), childFailed('Carillon.RunFailed'), childFailed(REFUSED_ERROR)],
      'Summarize fan-out': [handled({ runId: 'fan', status: 'failed', tolerated: false, succeeded: 0, failed: 2, output: '', cause: 'both' })],
    },
    ends: 'Carillon.RunFailed',
  },
  {
    title: 'objects of a child failed, and the start of the other is throttled once',
    machine: 'fan-out',
    answers: {
      'Run child': [childFailed('Carillon.ObjectsFailed'), { throws: 'StepFunctions.ThrottlingException', cause: 'Rate exceeded' }, CHILD],
      'Summarize fan-out': [handled({ runId: 'fan', status: 'partial', tolerated: false, succeeded: 1, failed: 1, output: '', cause: 'one' })],
    },
    ends: 'Carillon.ObjectsFailed',
  },
];
