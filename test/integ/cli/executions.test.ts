import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../cli/main.ts';
import { fileRunDirectory } from '../../../emr-steps/run-directory/file-run-directory.ts';
import { runIdOf } from '../../../workflows/plan/run-id.ts';
import { capturedHost } from '../../helpers/captured-host.ts';
import { type FakeStates, fakeStates } from '../../helpers/fake-states.ts';

let folder = '';
let states: FakeStates;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'executions-'));
  states = await fakeStates();
});
afterAll(async () => {
  await states.close();
  await rm(folder, { recursive: true, force: true });
});

async function carillon(words: readonly string[], over: Readonly<Record<string, string>> = {}) {
  const env = {
    HOME: folder,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_SFN: states.url,
    AWS_ACCESS_KEY_ID: 'someone',
    AWS_SECRET_ACCESS_KEY: 'secret',
    CARILLON_STATE_MACHINE_ARN: states.machineArn,
    ...over,
  };
  const host = capturedHost({ env });
  return { code: await main(words, host), stdout: host.stdout.text(), stderr: host.stderr.text() };
}

async function file(name: string, content: unknown): Promise<string> {
  await writeFile(join(folder, name), JSON.stringify(content));
  return join(folder, name);
}

const REQUEST = { source: { bucket: 'one' }, destination: { bucket: 'two' } };
const arnOf = (name: string): string => `${states.machineArn.replace(':stateMachine:', ':execution:')}:${name}`;

describe('carillon start', () => {
  it('starts the request as it was written, and prints the ARN alone on standard output', async () => {
    const { code, stdout, stderr } = await carillon(['start', await file('r.json', REQUEST), '--name', 'first']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${arnOf('first')}\n` });
    const execution = states.executions.get(arnOf('first'));
    expect(JSON.parse(execution?.input ?? '')).toEqual(REQUEST);
    expect(stderr).toBe(`run ${runIdOf(new Date((execution?.startDate ?? 0) * 1000), arnOf('first'))}\n`);
  });

  it('starts one execution of a name, and tells the one that is there, whether it still runs or not', async () => {
    const request = await file('twice.json', REQUEST);
    const first = await carillon(['start', request, '--name', 'twice']);
    expect(await carillon(['start', request, '--name', 'twice'])).toMatchObject({ code: 0, stdout: first.stdout });
    (states.executions.get(arnOf('twice')) as { status: string }).status = 'SUCCEEDED';
    const third = await carillon(['start', request, '--name', 'twice', '--json']);
    expect(JSON.parse(third.stdout)).toMatchObject({ executionArn: arnOf('twice'), isNew: false, runId: expect.stringMatching(/^\d{8}-\d{6}-/) });
  });

  it('gives every execution its own name where none is given', async () => {
    const request = await file('own.json', REQUEST);
    const [a, b] = [await carillon(['start', request]), await carillon(['start', request])];
    expect(a.code + b.code).toBe(0);
    expect(a.stdout).not.toBe(b.stdout);
  });

  it('starts a pair of a config file, and a run that is resumed', async () => {
    const pairs = { a: REQUEST, b: { ...REQUEST, source: { bucket: 'three' } } };
    const config = await file('c.json', { defaults: { rounds: 2 }, pairs });
    await carillon(['start', config, '--pair', 'b', '--name', 'pair']);
    expect(JSON.parse(states.executions.get(arnOf('pair'))?.input ?? '')).toMatchObject({ rounds: 2, source: { bucket: 'three' } });
    const told = await carillon(['start', await file('r.json', REQUEST), '--resume', '20260102-030405-0123456789', '--name', 'resumed']);
    expect(JSON.parse(states.executions.get(arnOf('resumed'))?.input ?? '')).toMatchObject({ ...REQUEST, resume: '20260102-030405-0123456789' });
    expect(told.stderr).toBe('run 20260102-030405-0123456789\n');
    expect(await carillon(['start', config])).toMatchObject({ code: 2, stderr: expect.stringContaining('name one of its pairs by --pair: a, b') });
    expect(await carillon(['start', config, '--pair', 'z'])).toMatchObject({ code: 2, stderr: expect.stringContaining('has no pair "z"; it has a, b') });
  });

  it.each([
    ['a bad request', { ...REQUEST, rounds: 99, colour: 1 }, [], {}, /rounds.*\n.*colour/],
    ['no machine', REQUEST, [], { CARILLON_STATE_MACHINE_ARN: '' }, /no state machine is named; give its ARN by --state-machine/],
    ['no ARN', REQUEST, ['--state-machine', 'copy-run'], {}, /--state-machine is "copy-run"; write an ARN such as/],
    ['a bad name', REQUEST, ['--name', 'a b'], {}, /--name is "a b"; at most 80 letters/],
    [
      'another machine',
      REQUEST,
      ['--state-machine', 'arn:aws:states:eu-central-1:111122223333:stateMachine:other'],
      {},
      /:stateMachine:other: there is no such state machine/,
    ],
  ])('refuses %s before anything was started', async (_, request, words, over, message) => {
    const before = states.executions.size;
    const end = await carillon(['start', await file('bad.json', request), ...words], over);
    expect({ code: end.code, started: states.executions.size - before }).toEqual({ code: 2, started: 0 });
    expect(end.stderr).toMatch(message);
  });

  it('without credentials says where they were looked for', async () => {
    const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
    expect(await carillon(['start', await file('r.json', REQUEST)], none)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no credentials: looked in'),
    });
  });
});

/** What a run of one step, with a throttle that healed, leaves in its history. */
function history(directory: string): Record<string, unknown>[] {
  const parameters = JSON.stringify({ ClusterId: 'j-1', Step: { Name: 'copy-objects.r1.t1' } });
  const scheduled = { type: 'TaskScheduled', taskScheduledEventDetails: { resourceType: 'elasticmapreduce', resource: 'addStep.sync', parameters } };
  return [
    { type: 'ExecutionStarted' },
    { type: 'TaskStateEntered', stateEnteredEventDetails: { name: 'Prepare run' } },
    { type: 'TaskStateExited', stateExitedEventDetails: { name: 'Prepare run', output: JSON.stringify({ run: { id: 'run-1', directory } }) } },
    { type: 'TaskStateEntered', stateEnteredEventDetails: { name: 'Copy objects' } },
    scheduled,
    { type: 'TaskFailed', taskFailedEventDetails: { error: 'EMR.ThrottlingException', cause: 'Rate exceeded' } },
    scheduled,
    { type: 'TaskSubmitted' },
  ];
}

const DONE = [
  { type: 'TaskSucceeded', previousEventId: 8 },
  { type: 'TaskStateExited', stateExitedEventDetails: { name: 'Copy objects', output: '{}' } },
  { type: 'ExecutionSucceeded' },
];

async function runFolder(): Promise<string> {
  const directory = fileRunDirectory(join(folder, 'run-1'));
  const statistics = { program: 'copy-objects', finished: false, recordsIn: 30, recordsOut: 20, bytes: 4096 };
  for (const attempt of ['m_000000_0', 'm_000001_0']) await directory.write(`_stats/copy-objects.r1/try-1/${attempt}.json`, JSON.stringify(statistics));
  const summary = {
    runId: 'run-1',
    status: 'succeeded',
    cause: null,
    books: null,
    seconds: 61,
    requests: { CopyObject: 60 },
    finishedAt: '2026-01-02T03:04:05Z',
  };
  await directory.write('summary.json', JSON.stringify(summary));
  return directory.base;
}

function add(name: string, events: Record<string, unknown>[], status = 'RUNNING', input = '{}') {
  const execution = { name, input, startDate: 1_760_000_000.123, status, history: events };
  states.executions.set(arnOf(name), execution);
  return execution;
}

describe('carillon watch of an execution', () => {
  it('tells states, what is tried again, steps with what they did, and the books at the end', async () => {
    add('done', [...history(await runFolder()), ...DONE], 'SUCCEEDED');
    const { code, stdout, stderr } = await carillon(['watch', arnOf('done')]);
    expect(code).toBe(0);
    expect(stderr.split('\n')).toEqual([
      'state Prepare run',
      'run run-1',
      'state Copy objects',
      'copy-objects.r1.t1 failed: EMR.ThrottlingException Rate exceeded',
      'state Copy objects failed: EMR.ThrottlingException',
      'state Copy objects is tried again, for the 1st time',
      expect.stringMatching(/^copy-objects\.r1\.t1\s+2\.0 s {2}60 in, 40 out, 8\.00 KiB$/),
      'carillon: the execution ended as SUCCEEDED',
      '',
    ]);
    expect(stdout).toMatch(/^run run-1 succeeded in 1:01 min\n {2}requests {5}CopyObject 60\n {2}run directory .*run-1\n$/);
  });

  it('tells progress from the task statistics while a step is under way, and follows it to its end', async () => {
    const execution = add('live', history(await runFolder()));
    const looks = () => states.asked.filter((name) => name === 'DescribeExecution').length;
    const before = looks();
    const watching = carillon(['watch', arnOf('live'), '--json', '--every', '1']);
    while (looks() < before + 3) await new Promise((resolve) => setTimeout(resolve, 10));
    execution.history.push(...DONE);
    execution.status = 'FAILED';
    Object.assign(execution, { error: 'Carillon.ObjectsFailed', cause: 'run run-1 partial: 3 objects failed' });
    const { code, stdout } = await watching;
    expect(code).toBe(1);
    const events = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
    expect(events.filter(({ type }) => type === 'step.progress')[0]).toMatchObject({
      step: 'copy-objects.r1.t1',
      progress: { recordsIn: 60, recordsOut: 40, bytes: 8192, total: null },
    });
    const lasting = events.map(({ type }) => type).filter((type) => type !== 'step.progress');
    expect(lasting).toEqual([
      ...['state.entered', 'run.started', 'state.exited', 'state.entered', 'step.started', 'step.failed', 'state.failed'],
      ...['state.retried', 'step.started', 'step.finished', 'state.exited', 'run.finished'],
    ]);
  });

  it('does not take the books of an earlier execution of the run for those of one that was cut off', async () => {
    add('cut-off', history(await runFolder()), 'ABORTED');
    const { code, stdout, stderr } = await carillon(['watch', arnOf('cut-off')]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/carillon: the execution ended as ABORTED\n$/);
  });

  it('finds an execution of the machine by its run id', async () => {
    add('by-id', [{ type: 'ExecutionStarted' }], 'ABORTED');
    const runId = runIdOf(new Date(1_760_000_000_123), arnOf('by-id'));
    expect(await carillon(['watch', runId])).toMatchObject({ code: 1, stderr: 'carillon: the execution ended as ABORTED\n' });
  });

  it('finds the execution that goes on with a run by the id of the run, and tells that id', async () => {
    add('begun', [{ type: 'ExecutionStarted' }], 'ABORTED');
    const runId = runIdOf(new Date(1_760_000_000_123), arnOf('begun'));
    for (const [name, resume] of [
      ['gone-on', runId],
      ['of-another', '20260102-030405-0123456789'],
    ] as const)
      add(name, [{ type: 'ExecutionStarted' }], name === 'gone-on' ? 'RUNNING' : 'ABORTED', JSON.stringify({ ...REQUEST, resume }));
    const { code, stderr } = await carillon(['stop', runId]);
    expect({ code, status: states.executions.get(arnOf('gone-on'))?.status }).toEqual({ code: 0, status: 'ABORTED' });
    expect(stderr).toContain(`carillon: go on with it by: carillon start REQUEST.json --resume ${runId}\n`);
    expect(await carillon(['watch', runId])).toMatchObject({
      code: 1,
      stderr: 'carillon: the execution ended as ABORTED, Carillon.Stopped: stopped by carillon stop\n',
    });
  });

  it.each([
    ['an execution that is not there', () => arnOf('nobody'), /nobody: there is no such execution/],
    ['a run that nobody knows', () => '20200102-030405-0123456789', /there is no run 20200102-030405-0123456789 in .*, nor among the newest executions of/],
    ['a name that is neither', () => 'Copy!', /"Copy!" is neither a run id, such as .*, nor the ARN of an execution/],
  ])('refuses %s', async (_, name, message) => {
    for (const command of ['watch', 'stop']) {
      const { code, stderr } = await carillon([command, name()]);
      expect({ command, code }).toEqual({ command, code: 2 });
      expect(stderr).toMatch(message);
    }
  });
});

describe('carillon stop of an execution', () => {
  it('stops it and says how to go on', async () => {
    const execution = add('to-stop', []);
    const { code, stderr } = await carillon(['stop', arnOf('to-stop')]);
    expect({ code, status: execution.status }).toEqual({ code: 0, status: 'ABORTED' });
    const runId = runIdOf(new Date(1_760_000_000_123), arnOf('to-stop'));
    expect(stderr).toContain(`carillon: go on with it by: carillon start REQUEST.json --resume ${runId}\n`);
  });

  it('says that one has ended already', async () => {
    add('ended', [], 'SUCCEEDED');
    expect(await carillon(['stop', arnOf('ended')])).toMatchObject({ code: 2, stderr: expect.stringContaining('has ended as SUCCEEDED; nothing was stopped') });
  });
});
