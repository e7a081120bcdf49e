import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fileRunDirectory } from '../../../emr-steps/run-directory/file-run-directory.ts';
import { OUTPUT_FILE } from '../../../emr-steps/run-directory/layout.ts';
import { nextStarter } from '../../../lambdas/aws/next-starter.ts';
import { followRun, type Next, RunNotConcludedError } from '../../../lambdas/follow-run/follow-run.ts';
import { followRunHandler } from '../../../lambdas/follow-run/handler.ts';
import { conclude } from '../../../lambdas/run/conclusion.ts';
import { readRunRecord, writeRunRecord } from '../../../lambdas/run/run-record.ts';
import { readWatermark, requestSince, watermarkName } from '../../../lambdas/run/watermark.ts';
import { silentInstruments } from '../../../lambdas/runtime/instruments.ts';
import type { RunOutput } from '../../../workflows/events/run-output.ts';
import type { SummarizeRunOutput } from '../../../workflows/plan/run-state.ts';
import { parseRequest } from '../../../workflows/request/parse-request.ts';
import { EXECUTION, prepared, REQUEST } from './surroundings.ts';

const EVENT = { kind: 'event', busName: 'default', source: 'carillon', detailType: 'Carillon Next', when: 'verified-success' } as const;

const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A run of a request that has ended so. */
async function ended(output: Partial<RunOutput>, request: object = {}, fails = false) {
  const { deps, state, directory } = await prepared({ verify: true, ...request });
  folders.push(deps.folder);
  await directory.write(OUTPUT_FILE, JSON.stringify({ runId: state.run.id, status: 'succeeded', verified: true, ...output }));
  await conclude(directory, EXECUTION.executionArn, { summary: { done: true } as SummarizeRunOutput, told: true });
  const started: Next[] = [];
  const start = async (next: Next): Promise<void> => {
    if (fails) throw new Error('refused');
    started.push(next);
  };
  const base = fileRunDirectory(deps.folder);
  const watermark = () => readWatermark(base, parseRequest({ ...REQUEST, verify: true, ...request }));
  return {
    started,
    watermark,
    base,
    runId: state.run.id,
    deps: { home: deps.home, base, start },
    follow: () => followRun(EXECUTION, { home: deps.home, base, start }),
  };
}

describe('what runs next', () => {
  it('is started once after a verified success, however often the event comes', async () => {
    const { follow, started } = await ended({}, { next: EVENT });
    expect((await follow()).next).toBe('started');
    expect((await follow()).next).toBe('started-before');
    expect(started).toEqual([EVENT]);
  });

  it.each([
    [{ status: 'succeeded', verified: false }, 'not-wanted'],
    [{ status: 'partial', verified: true }, 'not-wanted'],
    [{ status: 'failed', verified: false }, 'not-wanted'],
  ] as const)('is not started after %j', async (output, next) => {
    const { follow, started } = await ended(output, { next: EVENT });
    expect((await follow()).next).toBe(next);
    expect(started).toEqual([]);
  });

  it('is started after any end where that is asked for', async () => {
    const { follow, started } = await ended({ status: 'failed', verified: false }, { next: { ...EVENT, when: 'always' } });
    expect((await follow()).next).toBe('started');
    expect(started).toHaveLength(1);
  });

  it('that cannot be started is tried again by whoever called, and changes nothing of the run', async () => {
    const { follow, base, runId } = await ended({}, { next: EVENT }, true);
    const before = await base.read(`runs/${runId}/${OUTPUT_FILE}`);
    await expect(follow()).rejects.toThrow('refused');
    expect(await base.read(`runs/${runId}/${OUTPUT_FILE}`)).toEqual(before);
    expect(await base.read(`runs/${runId}/next.json`)).toBeNull();
  });

  it('is nothing where the execution never had a run, as after a refusal', async () => {
    const { deps } = await ended({});
    const other = { ...EXECUTION, executionArn: `${EXECUTION.executionArn}-2` };
    expect(await followRun(other, deps)).toMatchObject({ next: 'none', watermarkMoved: false });
  });

  it('is nothing for an execution whose run another one has resumed since', async () => {
    const { deps, follow, runId, started } = await ended({}, { next: EVENT });
    const directory = deps.home.directoryOf(runId);
    await writeRunRecord(directory, { ...(await readRunRecord(directory)), executionArn: 'arn:of-a-later-execution' });
    expect(await follow()).toMatchObject({ next: 'none', watermarkMoved: false });
    expect(started).toEqual([]);
  });

  it('waits for the books of this execution, and takes those of an earlier one for none', async () => {
    const { deps, state, directory } = await prepared({ verify: true, next: EVENT });
    folders.push(deps.folder);
    const surroundings = { home: deps.home, base: fileRunDirectory(deps.folder), start: async () => {} };
    await directory.write(OUTPUT_FILE, JSON.stringify({ runId: state.run.id, status: 'succeeded', verified: true }));
    await conclude(directory, 'arn:of-an-earlier-execution', { summary: { done: true } as SummarizeRunOutput });
    await expect(followRun(EXECUTION, surroundings)).rejects.toThrow(RunNotConcludedError);
  });

  it('comes by the event of Step Functions, whose times are milliseconds', async () => {
    const { deps, started } = await ended({}, { next: EVENT });
    const handler = followRunHandler(deps, silentInstruments('follow-run'));
    const detail = { executionArn: EXECUTION.executionArn, startDate: new Date(EXECUTION.startedAt).getTime(), status: 'SUCCEEDED', stopDate: 1 };
    const context = {
      functionName: 'f',
      functionVersion: '1',
      invokedFunctionArn: 'a',
      memoryLimitInMB: '1',
      awsRequestId: 'r',
      getRemainingTimeInMillis: () => 60_000,
    };
    expect(await handler({ source: 'aws.states', detail }, context)).toMatchObject({ next: 'started' });
    expect(started).toHaveLength(1);
  });
});

describe('the watermark', () => {
  it('moves to the start of a verified run, and never back', async () => {
    const { follow, watermark, base, runId } = await ended({});
    expect((await follow()).watermarkMoved).toBe(true);
    expect(await watermark()).toEqual({ until: EXECUTION.startedAt, runId });
    const request = parseRequest({ ...REQUEST, verify: true });
    await base.write(`watermarks/${watermarkName(request)}.json`, JSON.stringify({ until: '2026-05-01T00:00:00Z', runId: 'later' }));
    expect((await follow()).watermarkMoved).toBe(false);
    expect((await watermark())?.runId).toBe('later');
  });

  it.each([
    ['is not verified', { verified: false }, {}],
    ['is partial', { status: 'partial' }, {}],
    ['failed', { status: 'failed' }, {}],
    ['left out what is younger', {}, { filters: { modifiedBefore: '2025-01-01' } }],
    ['left out what is older', {}, { filters: { modifiedAfter: '2026-01-01' } }],
    ['only compared', {}, { goal: 'diff', diff: { engine: 'hive' }, verify: false }],
    ['only counted', {}, { dryRun: true }],
  ] as const)('stays after a run that %s', async (_, output, request) => {
    const { follow, watermark } = await ended(output, request);
    expect((await follow()).watermarkMoved).toBe(false);
    expect(await watermark()).toBeNull();
  });

  it('stays after a run by a part file, which may mean a part of the bucket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'carillon-watermark-'));
    folders.push(folder);
    const location = join(folder, 'part.tsv');
    await writeFile(location, ',a\n');
    const { follow, watermark } = await ended({}, { partitions: { from: 'file', location } });
    expect((await follow()).watermarkMoved).toBe(false);
    expect(await watermark()).toBeNull();
  });

  it('moves after a run that began where it stood, and not after one that left a gap', async () => {
    const later = await ended({}, { filters: { modifiedAfter: '2025-12-31' } });
    const file = `watermarks/${watermarkName(parseRequest(REQUEST))}.json`;
    await later.base.write(file, JSON.stringify({ until: '2025-12-30T00:00:00Z', runId: 'old' }));
    expect((await later.follow()).watermarkMoved).toBe(false);
    await later.base.write(file, JSON.stringify({ until: '2026-01-01T00:00:00Z', runId: 'old' }));
    expect((await later.follow()).watermarkMoved).toBe(true);
  });

  it('is another one for other filters, but not for another time', () => {
    const name = (filters: object) => watermarkName(parseRequest({ ...REQUEST, filters }));
    expect(name({ modifiedAfter: '2026-01-01' })).toBe(name({}));
    expect(name({ include: ['a/**'] })).not.toBe(name({}));
  });

  it('makes a request for what came since, with the overlap, and keeps its other filters', () => {
    const written = { ...REQUEST, filters: { include: ['a/**'] } };
    expect(requestSince(written, { until: '2026-01-02T00:00:00.000Z', runId: 'r' }, 60)).toEqual({
      ...REQUEST,
      filters: { include: ['a/**'], modifiedAfter: '2026-01-01T23:00:00.000Z' },
    });
    expect(requestSince(written, null, 60)).toBe(written);
  });
});

describe('each kind of what runs next', () => {
  const output = { runId: 'run-1', status: 'succeeded' } as RunOutput;
  const place = 's3://b/runs/run-1/output.json';

  /** Starts it with clients that answer as the test says, and gives what was sent. */
  async function sent(next: Next, answer: unknown = {}) {
    const calls: { readonly name: string; readonly input: object }[] = [];
    const send = (async (command: { readonly input: object }) => {
      calls.push({ name: command.constructor.name, input: command.input });
      if (answer instanceof Error) throw answer;
      return answer;
    }) as never;
    await nextStarter({ states: { send }, lambda: { send }, glue: { send }, events: { send } })(next, output, place);
    return calls;
  }

  it('gets the output contract: a state machine under the name of the run', async () => {
    const stateMachineArn = 'arn:aws:states:eu-central-1:111122223333:stateMachine:report';
    const next = { kind: 'state-machine', stateMachineArn, when: 'always' } as const;
    expect(await sent(next)).toEqual([{ name: 'StartExecutionCommand', input: { stateMachineArn, name: 'run-1', input: JSON.stringify(output) } }]);
    await expect(sent(next, Object.assign(new Error('there'), { name: 'ExecutionAlreadyExists' }))).resolves.toBeDefined();
  });

  it('a function, without waiting for it', async () => {
    const functionArn = 'arn:aws:lambda:eu-central-1:111122223333:function:f';
    const [call] = await sent({ kind: 'lambda', functionArn, when: 'always' });
    expect(call).toMatchObject({
      name: 'InvokeCommand',
      input: { FunctionName: functionArn, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(output)) },
    });
  });

  it('a job, by arguments', async () => {
    const [call] = await sent({ kind: 'glue-job', jobName: 'load', arguments: { '--day': '1' }, when: 'always' });
    const Arguments = { '--day': '1', '--carillon-output': place, '--carillon-run': 'run-1' };
    expect(call).toEqual({ name: 'StartJobRunCommand', input: { JobName: 'load', Arguments } });
  });

  it('an event; one that is refused is an error', async () => {
    expect((await sent({ ...EVENT, when: 'always' }))[0]?.input).toEqual({
      Entries: [{ EventBusName: 'default', Source: 'carillon', DetailType: 'Carillon Next', Detail: JSON.stringify(output) }],
    });
    await expect(sent({ ...EVENT, when: 'always' }, { FailedEntryCount: 1, Entries: [{ ErrorCode: 'X', ErrorMessage: 'y' }] })).rejects.toThrow('X y');
  });
});
