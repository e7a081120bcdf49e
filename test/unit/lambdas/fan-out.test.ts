import { describe, expect, it } from 'vitest';
import { drawUpBooks } from '../../../emr-steps/books/books.ts';
import { lockName } from '../../../lambdas/lock/pair-locks.ts';
import { prepareFanOut } from '../../../lambdas/prepare-fan-out/prepare-fan-out.ts';
import { findFanOutRecord } from '../../../lambdas/run/fan-out-record.ts';
import { RefusedError } from '../../../lambdas/run/refused-error.ts';
import { runIdOfExecution } from '../../../lambdas/run/run-home.ts';
import { summarizeFanOut } from '../../../lambdas/summarize-fan-out/summarize-fan-out.ts';
import type { FanOutOutput } from '../../../workflows/events/fan-out-output.ts';
import type { RunStatus } from '../../../workflows/events/run-output.ts';
import { PARENT_MEMBER } from '../../../workflows/plan/fan-out-state.ts';
import { runIdOf } from '../../../workflows/plan/run-id.ts';
import { parseRequest } from '../../../workflows/request/parse-request.ts';
import { EXECUTION, REQUEST, type Surroundings, surroundings } from './surroundings.ts';

const PAIRS = { one: REQUEST, two: { source: { bucket: 'a' }, destination: { bucket: 'c' } } };
const LOCKS = [REQUEST, PAIRS.two].map((pair) => lockName(parseRequest(pair)));
const OTHER = { executionArn: 'arn:other', runId: 'other', runDirectory: '/x', since: '2026-01-01T00:00:00Z' };

const prepare = (deps: Surroundings, request: unknown = { pairs: PAIRS }) => prepareFanOut({ ...EXECUTION, request }, deps);
const holderOf = async ({ locks }: Surroundings, name: string) => {
  const holder = await locks.take(name, OTHER, async () => true);
  if (holder === null) await locks.release(name, OTHER.executionArn);
  return holder?.executionArn ?? null;
};

describe('prepare-fan-out', () => {
  it('gives a child for each run, which names its parent', async () => {
    const state = await prepare(surroundings(), { pairs: PAIRS, concurrency: 3, tries: 1, toleratedFailures: 1 });
    expect(state).toEqual({
      concurrency: 3,
      tries: 1,
      toleratedFailures: 1,
      children: [
        { name: 'one', input: { ...REQUEST, [PARENT_MEMBER]: EXECUTION.executionArn } },
        { name: 'two', input: { ...PAIRS.two, [PARENT_MEMBER]: EXECUTION.executionArn } },
      ],
    });
  });

  it('holds the lock of each pair that is written to, and writes down which', async () => {
    const deps = surroundings();
    await prepare(deps, { pairs: { ...PAIRS, look: { source: { bucket: 'a' }, destination: { bucket: 'd' }, dryRun: true } } });
    expect(await Promise.all(LOCKS.map((name) => holderOf(deps, name)))).toEqual([EXECUTION.executionArn, EXECUTION.executionArn]);
    const record = await findFanOutRecord(deps.home.directoryOf(runIdOfExecution(EXECUTION)));
    expect(record).toMatchObject({ children: ['one', 'two', 'look'], locks: LOCKS.toSorted() });
  });

  it('of part files holds one lock, which every child may take again', async () => {
    const deps = surroundings();
    await prepare(deps, { base: REQUEST, partFiles: ['s3://parts/a', 's3://parts/b'] });
    const child = { ...OTHER, executionArn: EXECUTION.executionArn };
    expect(await Promise.all([child, child].map((holder) => deps.locks.take(LOCKS[0] as string, holder, async () => true)))).toEqual([null, null]);
    expect(await holderOf(deps, LOCKS[0] as string)).toBe(EXECUTION.executionArn);
  });

  it('is refused where another run has one of the pairs, and then holds none', async () => {
    const deps = surroundings();
    await deps.locks.take(LOCKS[1] as string, OTHER, async () => true);
    await expect(prepare(deps)).rejects.toThrow(/another run of this pair of buckets is under way: other/);
    expect(await holderOf(deps, LOCKS[0] as string)).toBe(null);
    expect(await findFanOutRecord(deps.home.directoryOf(runIdOfExecution(EXECUTION)))).toBe(null);
  });

  it('is refused with every problem, before any lock is taken', async () => {
    const deps = surroundings();
    const refused = await prepare(deps, { pairs: { one: { ...REQUEST, rounds: 99 }, two: { ...PAIRS.two, colour: 'red' } } }).catch((error) => error);
    expect(refused).toBeInstanceOf(RefusedError);
    expect(refused.problems).toHaveLength(2);
    expect(await holderOf(deps, LOCKS[0] as string)).toBe(null);
  });

  it('gives the locks back where its record cannot be written', async () => {
    const deps = surroundings();
    const broken = { ...deps, home: { directoryOf: (id: string) => ({ ...deps.home.directoryOf(id), write: () => Promise.reject(new Error('full')) }) } };
    await expect(prepare(broken as Surroundings)).rejects.toThrow('full');
    expect(await holderOf(deps, LOCKS[0] as string)).toBe(null);
  });
});

const NONE = { objects: 0, bytes: 0 };
const CHILD_START = new Date('2026-01-02T03:04:09Z');
const arnOf = (execution: string) => `arn:child:${execution}`;
const idOf = (execution: string) => runIdOf(CHILD_START, arnOf(execution));

/** A child that left its books. */
async function left({ home }: Surroundings, execution: string, status: RunStatus, objects = 2) {
  const runId = idOf(execution);
  const outcome = status === 'partial' ? 'failed' : 'copied';
  const counts = [{ outcome, reason: status === 'partial' ? 'throttled' : null, objects, bytes: objects * 10 }] as const;
  const books = status === 'failed' ? null : drawUpBooks({ objects, bytes: objects * 10 }, NONE, counts);
  const output = { version: 1, runId, status, cause: status === 'failed' ? 'no space left' : null, source: 's3://a/', destination: 's3://b/', books };
  await home.directoryOf(runId).write('output.json', JSON.stringify({ ...output, runDirectory: home.directoryOf(runId).base }));
  await home.directoryOf(runId).write('summary.json', JSON.stringify({ requests: { CopyObject: objects } }));
  return { child: execution, execution, succeeded: status === 'succeeded', runId: status === 'succeeded' ? runId : '' };
}

function summarize(deps: Surroundings, children: Parameters<typeof summarizeFanOut>[0]['children'], toleratedFailures = 0) {
  const executionOf = async (name: string) => (name.startsWith('gone') ? null : { executionArn: arnOf(name), startedAt: CHILD_START, cause: 'its own cause' });
  return summarizeFanOut({ ...EXECUTION, children, toleratedFailures }, { ...deps, executionOf });
}

async function outputOf({ home }: Surroundings): Promise<FanOutOutput> {
  return JSON.parse(Buffer.from((await home.directoryOf(runIdOfExecution(EXECUTION)).read('output.json')) ?? []).toString());
}

describe('summarize-fan-out', () => {
  it('adds up books and requests of children that all did well', async () => {
    const deps = surroundings();
    const children = [await left(deps, 'one', 'succeeded', 2), await left(deps, 'two', 'succeeded', 3)];
    expect(await summarize(deps, children)).toMatchObject({ status: 'succeeded', tolerated: false, succeeded: 2, failed: 0 });
    expect(await outputOf(deps)).toMatchObject({
      status: 'succeeded',
      cause: null,
      source: 's3://a/',
      books: { balanced: true, listed: { objects: 5, bytes: 50 }, outcomes: { copied: { objects: 5 } } },
      children: [{ child: 'one', runId: idOf('one') }, { child: 'two' }],
    });
    expect(deps.events.at(-1)).toMatchObject({ type: 'run.finished', status: 'succeeded', requests: { CopyObject: 5 } });
  });

  it('counts the books of a child whose objects failed, though its execution failed', async () => {
    const deps = surroundings();
    const children = [await left(deps, 'one', 'succeeded'), await left(deps, 'two', 'partial')];
    expect(await summarize(deps, children)).toMatchObject({ status: 'partial', tolerated: false, failed: 1 });
    expect(await outputOf(deps)).toMatchObject({ books: { balanced: true, outcomes: { copied: { objects: 2 }, failed: { objects: 2 } } } });
  });

  it('fails where a child did, with its cause, and the sum does not balance', async () => {
    const deps = surroundings();
    const end = await summarize(deps, [await left(deps, 'one', 'succeeded'), await left(deps, 'two', 'failed')]);
    expect(end).toMatchObject({
      status: 'failed',
      tolerated: false,
      cause: expect.stringContaining('1 of 2 runs did not succeed: two failed (no space left)'),
    });
    expect((await outputOf(deps)).books).toMatchObject({ balanced: false, listed: { objects: 2 } });
  });

  it('tolerates as many failed children as the request says', async () => {
    const deps = surroundings();
    const children = [await left(deps, 'one', 'succeeded'), await left(deps, 'two', 'failed')];
    expect(await summarize(deps, children, 1)).toMatchObject({ status: 'failed', tolerated: true });
  });

  it.each([
    ['was refused', 'refused-1', 'its own cause', expect.any(String)],
    ['is forgotten', 'gone-1', 'it left no output, and nobody knows why', null],
  ])('tells of a child that %s', async (_, execution, cause, runId) => {
    const deps = surroundings();
    await summarize(deps, [{ child: 'one', execution, succeeded: false, runId: '' }]);
    expect((await outputOf(deps)).children).toMatchObject([{ status: 'failed', cause, runId, books: null }]);
  });

  it('takes no child for a good one whose execution failed after its books', async () => {
    const deps = surroundings();
    const child = { ...(await left(deps, 'one', 'succeeded')), succeeded: false, runId: '' };
    expect(await summarize(deps, [child])).toMatchObject({ status: 'failed' });
  });

  it('names three causes, and that there are more', async () => {
    const deps = surroundings();
    const children = await Promise.all(['a', 'b', 'c', 'd'].map((name) => left(deps, name, 'failed')));
    expect((await summarize(deps, children)).cause).toMatch(/4 of 4 runs did not succeed: a failed \(.*\); b .*; c .*; … \(/);
  });
});
