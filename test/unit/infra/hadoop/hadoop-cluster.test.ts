import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hadoopCommands } from '../../../../infra/hadoop/commands.ts';
import { hadoopCluster } from '../../../../infra/hadoop/hadoop-cluster.ts';
import type { RunEvent } from '../../../../workflows/events/run-event.ts';

/** Scripts in the place of Hadoop's clients, and a server in the place of its web services. */
let home = '';
let server: Server;
let answers: Record<string, unknown> = {};
let asked: string[] = [];
/** Tags by which applications were asked for. */
let tags: (string | null)[] = [];
let onPut: () => void = () => {};
/** What is said to whoever wants an application ended. */
let putStatus = 200;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'carillon-hadoop-home-'));
  [answers, asked, tags, onPut, putStatus] = [{}, [], [], () => {}, 200];
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    asked.push(`${request.method} ${url.pathname}`);
    if (url.pathname === '/ws/v1/cluster/apps') tags.push(url.searchParams.get('applicationTags'));
    request.resume();
    if (request.method === 'PUT') onPut();
    const answer = request.method === 'PUT' ? {} : answers[url.pathname];
    const text = typeof answer === 'string';
    response.writeHead(answer === undefined ? 404 : request.method === 'PUT' ? putStatus : 200, { 'content-type': text ? 'text/plain' : 'application/json' });
    response.end(text ? answer : JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  await mkdir(join(home, 'share', 'hadoop', 'tools', 'lib'), { recursive: true });
  await writeFile(join(home, 'share', 'hadoop', 'tools', 'lib', 'hadoop-streaming-3.4.2.jar'), '');
});
afterEach(async () => {
  await new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections();
  });
  await rm(home, { recursive: true, force: true });
});

async function program(name: string, body: string): Promise<void> {
  await mkdir(join(home, 'bin'), { recursive: true });
  await writeFile(join(home, 'bin', name), `#!/bin/sh\n${body}\n`);
  await chmod(join(home, 'bin', name), 0o755);
}

async function clusterOf(events: RunEvent[] = [], pollMilliseconds = 20) {
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const properties: Readonly<Record<string, string>> = {
    'yarn.resourcemanager.webapp.address': address,
    'mapreduce.jobhistory.webapp.address': address,
  };
  const env = { PATH: '/usr/bin:/bin', HADOOP_HOME: home, HIVE_HOME: home };
  return hadoopCluster({
    configuration: { folder: '/etc/conf', get: (name) => properties[name] ?? null },
    commands: await hadoopCommands(env),
    env,
    events: (event) => events.push(event),
    workDirectory: join(home, 'work'),
    pollMilliseconds,
  });
}

const step = (...args: readonly string[]) => ({ name: 'copy-objects.r1.t1', args: ['hadoop-streaming', '-D', 'mapreduce.job.tags=Run-1', ...args] });
const never = new AbortController().signal;

describe('a step on a Hadoop', () => {
  it("runs the very arguments by Hadoop's own command, and tells how far it is", async () => {
    await program('hadoop', `printf '%s\\n' "$@" "$HADOOP_CONF_DIR" > ${home}/words; echo 'INFO mapreduce.Job: Running job: job_17_0001'; sleep 0.3`);
    const counters = [{ counterGroupName: 'carillon', counter: [{ name: 'records in', mapCounterValue: 3, reduceCounterValue: 0, totalCounterValue: 3 }] }];
    answers['/proxy/application_17_0001/ws/v1/mapreduce/jobs/job_17_0001/counters'] = { jobCounters: { counterGroup: counters } };
    answers['/ws/v1/history/mapreduce/jobs/job_17_0001'] = { job: { state: 'SUCCEEDED', diagnostics: '' } };
    const events: RunEvent[] = [];
    const cluster = await clusterOf(events);
    expect(await cluster.run(step('-mapper', 'node/run.sh x.js --a=b c'), never)).toEqual({ status: 'completed' });
    const words = (await readFile(join(home, 'words'), 'utf8')).split('\n');
    const jar = join(home, 'share/hadoop/tools/lib/hadoop-streaming-3.4.2.jar');
    expect(words).toEqual(['jar', jar, '-D', 'mapreduce.job.tags=Run-1', '-mapper', 'node/run.sh x.js --a=b c', '/etc/conf', '']);
    expect(events.map(({ type }) => type)).toEqual(['step.started', 'step.progress', 'step.finished']);
    expect(events.at(-1)).toMatchObject({ progress: { recordsIn: 3 } });
  });

  it('fails with the cause and the log of the attempt that failed it, and tells every attempt that failed', async () => {
    await program('hadoop', "echo 'Running job: job_17_0002'; exit 1");
    const node = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const attempt = (number: number, state: string, diagnostics: string) => ({
      id: `attempt_${number}`,
      state,
      diagnostics,
      finishTime: number,
      nodeHttpAddress: node,
      assignedContainerId: `container_${number}`,
    });
    answers = {
      '/ws/v1/history/mapreduce/jobs/job_17_0002': { job: { state: 'FAILED', diagnostics: 'Task failed task_1', failedMapAttempts: 2 } },
      '/ws/v1/history/mapreduce/jobs/job_17_0002/tasks': { tasks: { task: [{ id: 'task_1', state: 'FAILED', successfulAttempt: '' }] } },
      '/ws/v1/history/mapreduce/jobs/job_17_0002/tasks/task_1/attempts': {
        taskAttempts: {
          taskAttempt: [attempt(2, 'FAILED', 'Error: java.lang.RuntimeException: subprocess failed with code 3\n\tat x'), attempt(1, 'KILLED', 'lost node')],
        },
      },
      '/ws/v1/node/containerlogs/container_2/stderr': 'copy-objects: no credentials\n',
    };
    const events: RunEvent[] = [];
    const outcome = await (await clusterOf(events)).run(step(), never);
    expect(outcome).toEqual({ status: 'failed', cause: 'attempt_2: subprocess failed with code 3', log: 'copy-objects: no credentials\n' });
    expect(events.flatMap((event) => (event.type === 'step.attempt-failed' ? [`${event.taskAttempt} ${event.cause}`] : []))).toEqual([
      'attempt_1 lost node',
      'attempt_2 subprocess failed with code 3',
    ]);
    expect(events.at(-1)?.type).toBe('step.failed');
  });

  it('that ends between two looks, after an attempt on a node that is gone, tells by the history how far it came and what was lost', async () => {
    await program('hadoop', "echo 'Running job: job_17_0008'");
    const job = '/ws/v1/history/mapreduce/jobs/job_17_0008';
    const attempt = {
      id: 'attempt_0',
      state: 'FAILED',
      diagnostics: 'Error: it is gone',
      finishTime: 1,
      nodeHttpAddress: '',
      assignedContainerId: 'container_0',
    };
    const counter = { name: 'records in', mapCounterValue: 9, reduceCounterValue: 0, totalCounterValue: 9 };
    answers = {
      [job]: { job: { state: 'SUCCEEDED', diagnostics: '', killedMapAttempts: 1 } },
      [`${job}/counters`]: { jobCounters: { counterGroup: [{ counterGroupName: 'carillon', counter: [counter] }] } },
      [`${job}/tasks`]: { tasks: { task: [{ id: 'task_1', state: 'SUCCEEDED', successfulAttempt: 'attempt_1' }] } },
      [`${job}/tasks/task_1/attempts`]: { taskAttempts: { taskAttempt: [attempt, { ...attempt, id: 'attempt_1', state: 'SUCCEEDED' }] } },
      '/ws/v1/history/containerlogs/container_0/stderr': 'what the history has gathered\n',
    };
    const events: RunEvent[] = [];
    expect(await (await clusterOf(events, 60_000)).run(step(), never)).toEqual({ status: 'completed' });
    expect(events.filter(({ type }) => type === 'step.attempt-failed')).toMatchObject([
      { taskAttempt: 'attempt_0', cause: 'it is gone', log: 'what the history has gathered\n' },
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'step.finished', progress: { recordsIn: 9 } });
  });

  it('fails with what the client says where no job was made', async () => {
    await program('hadoop', "echo 'ERROR streaming.StreamJob: Error Launching job : Input path does not exist: s3://a/b' >&2; exit 5");
    expect(await (await clusterOf()).run(step(), never)).toMatchObject({ status: 'failed', cause: 'Input path does not exist: s3://a/b' });
  });

  it('is cut off with its applications: the one that the client named, and the one that only YARN knows', async () => {
    await program('hadoop', `echo 'Running job: job_17_0003'; echo $$ > ${home}/pid; sleep 60`);
    answers = {
      '/ws/v1/cluster/apps': {
        apps: {
          app: [
            { id: 'application_17_0004', name: 'copy-objects.r1.t1', state: 'ACCEPTED' },
            { id: 'application_17_0005', name: 'another step', state: 'RUNNING' },
          ],
        },
      },
    };
    onPut = () => {
      for (const id of ['application_17_0003', 'application_17_0004']) answers[`/ws/v1/cluster/apps/${id}`] = { app: { id, state: 'KILLED' } };
    };
    const controller = new AbortController();
    const cluster = await clusterOf();
    const running = cluster.run(step(), controller.signal);
    while ((await readFile(join(home, 'pid'), 'utf8').catch(() => '')) === '') await sleep(10);
    await sleep(50);
    controller.abort();
    expect(await running).toEqual({ status: 'cancelled' });
    expect(asked.filter((line) => line.startsWith('PUT')).toSorted()).toEqual([
      'PUT /ws/v1/cluster/apps/application_17_0003/state',
      'PUT /ws/v1/cluster/apps/application_17_0004/state',
    ]);
    const pid = Number(await readFile(join(home, 'pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });

  it.each([
    { ends: 'is ended by the client of YARN', yarn: 'exit 0', outcome: { status: 'cancelled' } },
    { ends: 'is told where that one may not either', yarn: 'exit 1', outcome: { status: 'failed', cause: expect.stringContaining('application_17_0006') } },
  ])('is cut off: an application that the web service may not end $ends', async ({ yarn, outcome }) => {
    await program('hadoop', `echo 'Running job: job_17_0006'; echo $$ > ${home}/pid; sleep 60`);
    await program('yarn', `echo "$@" > ${home}/killed; ${yarn}`);
    answers['/ws/v1/cluster/apps/application_17_0006'] = { app: { id: 'application_17_0006', state: 'RUNNING' } };
    putStatus = 403;
    const events: RunEvent[] = [];
    const controller = new AbortController();
    const running = (await clusterOf(events)).run(step(), controller.signal);
    while ((await readFile(join(home, 'pid'), 'utf8').catch(() => '')) === '') await sleep(10);
    await sleep(50);
    controller.abort();
    expect(await running).toMatchObject(outcome);
    expect(await readFile(join(home, 'killed'), 'utf8')).toBe('application -kill application_17_0006\n');
    // A refusal is not waited for.
    expect(asked.filter((line) => line === 'GET /ws/v1/cluster/apps/application_17_0006')).toHaveLength(1);
    expect(events.some(({ type }) => type === 'step.failed')).toBe(outcome.status === 'failed');
  });

  it('goes on where no web service answers', async () => {
    await program('hadoop', 'exit 0');
    server.closeAllConnections();
    expect(await (await clusterOf()).run(step(), never)).toEqual({ status: 'completed' });
  });

  it('of Hive is run by hive, with the words after --args', async () => {
    await program('hadoop', 'exit 0');
    await program('hive', `printf '%s\\n' "$@" > ${home}/words; echo 'FAILED: SemanticException no table'; exit 40`);
    const args = ['hive-script', '--run-hive-script', '--args', '-f', 's3://a/diff.hql', '-d', 'RUN=r_1', '-d', 'SOURCE=s3://a/b c'];
    const outcome = await (await clusterOf()).run({ name: 'diff.t1', args }, never);
    expect(outcome).toMatchObject({ status: 'failed', cause: 'FAILED: SemanticException no table' });
    const words = (await readFile(join(home, 'words'), 'utf8')).split('\n');
    const ours = ['--hiveconf', 'mapreduce.job.tags=r_1', '--hiveconf', 'tez.application.tags=r_1', ''];
    expect(words).toEqual(['-f', 's3://a/diff.hql', '-d', 'RUN=r_1', '-d', 'SOURCE=s3://a/b c', ...ours]);
  });

  it('of Hive is cut off with the applications that Hive has started, whatever their names', async () => {
    await program('hadoop', 'exit 0');
    await program('hive', `echo $$ > ${home}/pid; sleep 60`);
    answers = {
      '/ws/v1/cluster/apps': { apps: { app: [{ id: 'application_17_0009', name: 'HIVE-1', state: 'RUNNING' }] } },
      '/ws/v1/cluster/apps/application_17_0009': { app: { id: 'application_17_0009', state: 'KILLED' } },
    };
    const controller = new AbortController();
    const running = (await clusterOf()).run({ name: 'diff.t1', args: ['hive-script', '--args', '-d', 'RUN=R_1'] }, controller.signal);
    while ((await readFile(join(home, 'pid'), 'utf8').catch(() => '')) === '') await sleep(10);
    controller.abort();
    expect(await running).toEqual({ status: 'cancelled' });
    expect([tags, asked.filter((line) => line.startsWith('PUT'))]).toEqual([['r_1'], ['PUT /ws/v1/cluster/apps/application_17_0009/state']]);
  });

  it('that is none of the two is refused', async () => {
    await program('hadoop', 'exit 0');
    expect(await (await clusterOf()).run({ name: 'x', args: ['spark-submit'] }, never)).toMatchObject({
      status: 'failed',
      cause: expect.stringContaining('spark-submit'),
    });
  });
});

describe('the commands of an installation', () => {
  it('are told apart from none at all', async () => {
    await expect(hadoopCommands({ PATH: join(home, 'nowhere') })).rejects.toThrow(/HADOOP_HOME/);
    await program('hadoop', 'exit 0');
    await rm(join(home, 'share'), { recursive: true });
    await expect(hadoopCommands({ PATH: join(home, 'bin') })).rejects.toThrow(/HADOOP_STREAMING_JAR/);
    expect(await hadoopCommands({ PATH: join(home, 'bin'), HADOOP_STREAMING_JAR: '/x.jar' })).toMatchObject({ streamingJar: '/x.jar', hive: null, yarn: null });
  });
});
