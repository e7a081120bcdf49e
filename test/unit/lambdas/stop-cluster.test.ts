import { describe, expect, it } from 'vitest';
import { emrClusters } from '../../../lambdas/aws/clusters.ts';
import { killArgs } from '../../../lambdas/aws/stop-steps.ts';
import { lockName } from '../../../lambdas/lock/pair-locks.ts';
import { prepareFanOut } from '../../../lambdas/prepare-fan-out/prepare-fan-out.ts';
import { releaseLock } from '../../../lambdas/release-lock/release-lock.ts';
import { runIdOfExecution } from '../../../lambdas/run/run-home.ts';
import { silentInstruments } from '../../../lambdas/runtime/instruments.ts';
import { stopClusterHandler } from '../../../lambdas/stop-cluster/handler.ts';
import { type StopClusterDeps, stopCluster } from '../../../lambdas/stop-cluster/stop-cluster.ts';
import { stopCall } from '../../../lambdas/stop-cluster/stop-event.ts';
import { stopUntilDone } from '../../../lambdas/stop-cluster/stop-until-done.ts';
import { parseRequest } from '../../../workflows/request/parse-request.ts';
import { FakeEmr } from './fake-emr.ts';
import { EXECUTION, prepared, REQUEST, type Surroundings, surroundings } from './surroundings.ts';

const LOCK = lockName(parseRequest(REQUEST));
const RUN = runIdOfExecution(EXECUTION);
const OTHER = { executionArn: 'another', runId: 'another', runDirectory: '/x', since: '' };
const KILL = { name: 'AddJobFlowSteps', input: expect.objectContaining({ Steps: [expect.objectContaining({ Name: `stop.${RUN}` })] }) };

type Deps = Pick<StopClusterDeps, 'home' | 'locks'>;

function around(deps: Deps, emr: FakeEmr, change: Partial<StopClusterDeps> = {}): StopClusterDeps {
  const clusters = emrClusters(emr, () => emr.now);
  return { home: deps.home, locks: deps.locks, clusters, stopQueries: async () => {}, sweep: async () => ({ done: true, aborted: 3 }), ...change };
}

const stop = (deps: Deps, emr: FakeEmr, change: Partial<StopClusterDeps> = {}) => stopCluster({ ...EXECUTION, reason: 'X' }, around(deps, emr, change), 60_000);

/** Calls as the machine does until nothing is left. @returns every answer */
async function stopAll(deps: Deps, emr: FakeEmr) {
  const answers = [];
  for (let looks = 0; looks < 20; looks += 1) {
    const answer = await stop(deps, emr);
    answers.push(answer);
    if (answer.done) return answers;
    emr.tick();
  }
  throw new Error('it never ended');
}

async function isFree({ locks }: Deps): Promise<boolean> {
  const free = (await locks.take(LOCK, OTHER, async () => true)) === null;
  if (free) await locks.release(LOCK, OTHER.executionArn);
  return free;
}

/** A run on a cluster that was given. */
async function onGiven(emr: FakeEmr, state = 'WAITING') {
  const id = emr.cluster('somebodys', state, { tag: null });
  const clusterOf: Surroundings['clusterOf'] = async (request, runId) => {
    const chosen = await surroundings().clusterOf(request, runId);
    return { ...chosen, createCluster: false, terminateCluster: false, cluster: { ...chosen.cluster, id } };
  };
  const { deps } = await prepared({}, { clusterOf });
  return { deps, id };
}

describe('stop-cluster on a cluster of the run’s own', () => {
  it.each([
    'STARTING',
    'BOOTSTRAPPING',
    'RUNNING',
    'WAITING',
  ])('terminates it in state %s, comes back until it is gone, and only then sweeps and gives the lock back', async (state) => {
    const { deps } = await prepared();
    const emr = new FakeEmr();
    const id = emr.cluster(RUN, state);
    expect(await stop(deps, emr)).toEqual({ done: false, terminated: [id], cancelledSteps: 0, abortedUploads: 0 });
    expect({ state: emr.stateOf(id), free: await isFree(deps) }).toEqual({ state: 'TERMINATING', free: false });
    expect(await stop(deps, emr)).toMatchObject({ done: false });
    emr.tick();
    expect(await stop(deps, emr)).toEqual({ done: true, terminated: [], cancelledSteps: 0, abortedUploads: 3 });
    expect({ state: emr.stateOf(id), free: await isFree(deps) }).toEqual({ state: 'TERMINATED', free: true });
  });

  it.each(['TERMINATED', 'TERMINATED_WITH_ERRORS'])('is done at once where it is %s, however often it is called', async (state) => {
    const { deps } = await prepared();
    const emr = new FakeEmr();
    emr.cluster(RUN, state);
    expect([await stop(deps, emr), await stop(deps, emr)]).toMatchObject([{ done: true }, { done: true }]);
    expect(emr.changes).toEqual([]);
  });

  it('finds it by its whole name on any page, among clusters that others made and that are of another run', async () => {
    const { deps } = await prepared();
    const emr = new FakeEmr();
    const [mine] = [emr.cluster(RUN), emr.cluster(`${RUN}-2`), emr.cluster('other'), emr.cluster('third'), emr.cluster(RUN, 'WAITING', { tag: 'of-another' })];
    emr.cluster(RUN, 'WAITING', { createdAt: new Date('2026-01-01T00:00:00Z') });
    expect((await stop(deps, emr)).terminated).toEqual([mine]);
  });

  it('finds it though the run was never prepared', async () => {
    const emr = new FakeEmr();
    const id = emr.cluster(RUN, 'STARTING', { tag: null });
    const answers = await stopAll(surroundings(), emr);
    expect(answers[0]).toMatchObject({ done: false, terminated: [id] });
    expect(emr.stateOf(id)).toBe('TERMINATED');
  });

  it('that is to be kept leaves it, and ends the run’s work on it', async () => {
    const { deps } = await prepared({ cluster: { use: 'own', keep: true } });
    const emr = new FakeEmr();
    const id = emr.cluster(RUN, 'RUNNING');
    emr.step(id, RUN, 'RUNNING');
    await stopAll(deps, emr);
    expect({ state: emr.stateOf(id), applications: emr.applicationsOf(id), free: await isFree(deps) }).toEqual({
      state: 'RUNNING',
      applications: [],
      free: true,
    });
  });

  it('comes back, with the lock held, while uploads are left', async () => {
    const { deps } = await prepared();
    expect(await stop(deps, new FakeEmr(), { sweep: async () => ({ done: false, aborted: 9 }) })).toMatchObject({ done: false, abortedUploads: 9 });
    expect(await isFree(deps)).toBe(false);
  });

  it('leaves a lock that another execution holds', async () => {
    const { deps } = await prepared();
    await releaseLock(EXECUTION, deps);
    expect(await deps.locks.take(LOCK, OTHER, async () => true)).toBeNull();
    await stop(deps, new FakeEmr());
    expect(await deps.locks.take(LOCK, { ...OTHER, executionArn: 'third' }, async () => true)).toMatchObject({ executionArn: 'another' });
  });
});

describe('stop-cluster on a given cluster', () => {
  it.each([
    ['PENDING', 'CANCELLED', ['CancelSteps', 'AddJobFlowSteps']],
    ['RUNNING', 'CANCELLED', ['CancelSteps', 'CancelSteps', 'AddJobFlowSteps']],
    ['CANCEL_PENDING', 'CANCELLED', ['CancelSteps', 'AddJobFlowSteps']],
    ['CANCELLED', 'CANCELLED', ['AddJobFlowSteps']],
    ['FAILED', 'FAILED', ['AddJobFlowSteps']],
    ['INTERRUPTED', 'INTERRUPTED', ['AddJobFlowSteps']],
    ['COMPLETED', 'COMPLETED', []],
  ])('ends a step in state %s as %s, and what it left on YARN', async (state, end, changes) => {
    const emr = new FakeEmr();
    const { deps, id } = await onGiven(emr);
    const step = emr.step(id, RUN, state);
    emr.step(id, 'of-others', 'RUNNING');
    if (state === 'RUNNING') {
      // It listens late: it is asked once more.
      expect(await stop(deps, emr)).toEqual({ done: false, terminated: [], cancelledSteps: 1, abortedUploads: 0 });
    }
    await stopAll(deps, emr);
    expect({ step: step.Status.State, applications: emr.applicationsOf(id), cluster: emr.stateOf(id) }).toEqual({
      step: end,
      applications: ['of-others'],
      cluster: 'WAITING',
    });
    expect(emr.changes.map(({ name }) => name)).toEqual(changes);
    expect(await isFree(deps)).toBe(true);
  });

  it('changes nothing once it is done, however often it is called', async () => {
    const emr = new FakeEmr();
    const { deps, id } = await onGiven(emr);
    emr.step(id, RUN, 'RUNNING');
    await stopAll(deps, emr);
    const { length } = emr.changes;
    expect(await stop(deps, emr)).toMatchObject({ done: true });
    expect(emr.changes).toHaveLength(length);
  });

  it.each([
    ['TERMINATING', false],
    ['TERMINATED', true],
    ['TERMINATED_WITH_ERRORS', true],
  ])('asks nothing more of one that is %s', async (state, done) => {
    const emr = new FakeEmr();
    const { deps, id } = await onGiven(emr, state);
    emr.step(id, RUN, 'CANCELLED');
    expect(await stop(deps, emr)).toMatchObject({ done });
    expect(emr.changes).toEqual([]);
  });

  it('cancels the steps of this run alone, and none that is older than it, among more than a page of them', async () => {
    const emr = new FakeEmr();
    const { deps, id } = await onGiven(emr);
    emr.step(id, RUN, 'RUNNING', new Date('2026-01-01T00:00:00Z'));
    const mine = [emr.step(id, RUN, 'RUNNING'), emr.step(id, 'other', 'RUNNING'), emr.step(id, RUN, 'PENDING'), emr.step(id, 'other', 'PENDING')];
    expect(await stop(deps, emr)).toMatchObject({ cancelledSteps: 2 });
    expect(emr.changes[0]?.input).toEqual({ ClusterId: id, StepIds: [mine[2]?.Id, mine[0]?.Id], StepCancellationOption: 'TERMINATE_PROCESS' });
  });

  it('tries three times to kill what stays, and then leaves it to others', async () => {
    const emr = new FakeEmr();
    const { deps, id } = await onGiven(emr);
    emr.step(id, RUN, 'CANCELLED');
    emr.killsEnd = 'FAILED';
    await stopAll(deps, emr);
    expect(emr.changes).toEqual([KILL, KILL, KILL]);
  });

  it('waits for its own step behind those of others for an hour', async () => {
    const emr = new FakeEmr();
    const { deps, id } = await onGiven(emr);
    emr.step(id, RUN, 'CANCELLED');
    expect(await stop(deps, emr)).toMatchObject({ done: false });
    emr.now = new Date(emr.now.getTime() + 59 * 60_000);
    expect(await stop(deps, emr)).toMatchObject({ done: false });
    emr.now = new Date(emr.now.getTime() + 2 * 60_000);
    expect(await stop(deps, emr)).toMatchObject({ done: true });
    expect(emr.changes).toEqual([KILL]);
  });

  it('kills again what a run left that went on after an earlier stop', async () => {
    const emr = new FakeEmr();
    const { deps, id } = await onGiven(emr);
    emr.step(id, RUN, 'CANCELLED');
    await stopAll(deps, emr);
    emr.tick();
    emr.step(id, RUN, 'CANCELLED');
    await stopAll(deps, emr);
    expect(emr.changes).toEqual([KILL, KILL]);
    expect(emr.applicationsOf(id)).toEqual([]);
  });

  it('kills by the tag of the run, and fits into a step', () => {
    const args = killArgs(RUN);
    expect(args.join(' ')).toContain(`-appTags ${RUN} `);
    expect(args.join('').length).toBeLessThan(10_240);
  });
});

describe('stop-cluster for a fan-out', () => {
  it('gives the locks of its pairs back', async () => {
    const deps = surroundings();
    await prepareFanOut({ ...EXECUTION, request: { pairs: { one: REQUEST } } }, deps);
    expect(await isFree(deps)).toBe(false);
    expect(await stop(deps, new FakeEmr())).toMatchObject({ done: true });
    expect(await isFree(deps)).toBe(true);
  });
});

const EVENT = {
  version: '0',
  id: '315c1398-40ff-a850-213b-158f73e60175',
  'detail-type': 'Step Functions Execution Status Change',
  source: 'aws.states',
  account: '111122223333',
  time: '2026-01-02T03:10:00Z',
  region: 'eu-central-1',
  resources: [EXECUTION.executionArn],
  detail: {
    executionArn: EXECUTION.executionArn,
    stateMachineArn: 'arn:aws:states:eu-central-1:1:stateMachine:copy-run',
    name: 'one',
    status: 'ABORTED',
    startDate: Date.parse(EXECUTION.startedAt),
    stopDate: Date.parse('2026-01-02T03:10:00Z'),
    input: '{}',
    output: null,
  },
};

describe('stop-cluster by an event', () => {
  const input = { ...EXECUTION, reason: 'ABORTED' };

  it('computes the same run from it as the machine tells', () => {
    expect(stopCall.parse(EVENT)).toEqual({ input, callsAgain: false });
    expect(stopCall.parse({ ...EXECUTION, reason: 'X' })).toEqual({ input: { ...EXECUTION, reason: 'X' }, callsAgain: true });
  });

  it.each(['FAILED', 'TIMED_OUT', 'ABORTED'])('takes status %s', (status) => {
    expect(stopCall.parse({ ...EVENT, detail: { ...EVENT.detail, status } }).input.reason).toBe(status);
  });

  it.each(['RUNNING', 'SUCCEEDED'])('stops nothing of an execution that is %s', (status) => {
    expect(stopCall.safeParse({ ...EVENT, detail: { ...EVENT.detail, status } }).success).toBe(false);
  });

  /** Each pause takes its time of the call. */
  function timed(emr: FakeEmr, milliseconds: number) {
    let left = milliseconds;
    const pause = async (time: number) => {
      left -= time;
      emr.tick(time / 1000);
    };
    return { remaining: () => left, pause };
  }

  it('looks until all is stopped', async () => {
    const { deps } = await prepared();
    const emr = new FakeEmr();
    const id = emr.cluster(RUN);
    expect(await stopUntilDone(input, around(deps, emr), timed(emr, 900_000))).toEqual({ done: true, terminated: [id], cancelledSteps: 0, abortedUploads: 3 });
    expect(await isFree(deps)).toBe(true);
  });

  it('finds a cluster that appears only after the execution has ended', async () => {
    const { deps } = await prepared();
    const emr = new FakeEmr();
    const time = timed(emr, 900_000);
    let id = '';
    const pause = async (milliseconds: number) => {
      if (id === '') id = emr.cluster(RUN, 'STARTING');
      await time.pause(milliseconds);
    };
    expect(await stopUntilDone(input, around(deps, emr), { ...time, pause })).toMatchObject({ terminated: [id] });
    expect(emr.stateOf(id)).toBe('TERMINATED');
  });

  it('fails, so that it is called again, where the time was too short', async () => {
    const { deps } = await prepared();
    const sweep = async () => ({ done: false, aborted: 1000 });
    const emr = new FakeEmr();
    const end = stopUntilDone(input, around(deps, emr, { sweep }), timed(emr, 200_000));
    await expect(end).rejects.toMatchObject({ name: 'StopUnfinishedError', retryable: true, message: expect.stringContaining('5000 uploads') });
  });

  it('is answered in its stack', async () => {
    const emr = new FakeEmr();
    const handler = stopClusterHandler(around(surroundings(), emr), silentInstruments('stop-cluster'));
    const context = {
      functionName: 'f',
      functionVersion: '1',
      invokedFunctionArn: 'a',
      memoryLimitInMB: '1',
      awsRequestId: 'r',
      getRemainingTimeInMillis: () => 1000,
    };
    expect(await handler(EVENT, context)).toMatchObject({ done: true });
    await expect(handler({ ...EVENT, source: 'somebody' }, context)).rejects.toMatchObject({ name: 'ParseError' });
  });
});
