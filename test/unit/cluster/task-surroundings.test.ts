import { chmod, mkdir, mkdtemp, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeEnvironment } from '../../../infra/local/cluster/node-environment.ts';
import { makeSandbox, programIn, removeSandbox, sandboxLinks } from '../../../infra/local/cluster/sandbox.ts';
import { parseStreamingArguments } from '../../../infra/local/cluster/streaming-arguments.ts';
import { streamingJob } from '../../../infra/local/cluster/streaming-job.ts';
import { taskEnvironment, variableName } from '../../../infra/local/cluster/task-environment.ts';
import { runTasks } from '../../../infra/local/cluster/task-pool.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'task-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe('taskEnvironment', () => {
  const words = [
    '-D',
    'mapreduce.job.reduces=0',
    '-D',
    'my.own-name=x',
    '-mapper',
    'cat',
    '-cmdenv',
    'A=a b',
    '-cmdenv',
    'B=1=2',
    '-input',
    'i',
    '-output',
    'o',
  ];
  const common = {
    job: streamingJob(parseStreamingArguments(words)),
    task: { job: { cluster: 1_795_216_206_768, number: 1 }, kind: 'm', partition: 2 },
    attempt: 3,
    container: 5,
    maps: 8,
    split: { path: '/in/in.txt', start: 47, length: 20, compression: null },
    directory: '/scratch/a',
    outputDirectory: '/out/_temporary/1/_temporary/x',
    node: { PATH: '/bin' },
  } as const;

  it("has Hadoop's names with Hadoop's values", () => {
    expect(taskEnvironment(common)).toMatchObject({
      HOME: '/home/',
      PATH: '/bin',
      PWD: '/scratch/a',
      TMPDIR: '/scratch/a/tmp',
      CONTAINER_ID: 'container_1795216206768_0001_01_000005',
      NM_HOST: 'localhost',
      mapreduce_job_id: 'job_1795216206768_0001',
      mapreduce_task_id: 'task_1795216206768_0001_m_000002',
      mapreduce_task_attempt_id: 'attempt_1795216206768_0001_m_000002_3',
      mapreduce_task_ismap: 'true',
      mapred_task_is_map: 'true',
      mapreduce_task_partition: '2',
      mapreduce_map_input_file: 'file:/in/in.txt',
      mapreduce_map_input_start: '47',
      mapreduce_map_input_length: '20',
      mapreduce_task_output_dir: 'file:/out/_temporary/1/_temporary/x',
      mapreduce_job_maps: '8',
      mapreduce_job_reduces: '0',
      mapred_reduce_tasks: '0',
      mapreduce_task_timeout: '600000',
      mapred_input_format_class: 'org.apache.hadoop.mapred.TextInputFormat',
      my_own_name: 'x',
      A: 'a',
      B: '1=2',
      HADOOP_ROOT_LOGGER: '',
    });
  });

  it('has no input file in a reducer', () => {
    const env = taskEnvironment({ ...common, task: { ...common.task, kind: 'r' }, split: null });
    expect(env).toMatchObject({ mapreduce_task_ismap: 'false', mapreduce_task_attempt_id: 'attempt_1795216206768_0001_r_000002_3' });
    expect(env.mapreduce_map_input_file).toBeUndefined();
  });

  it('lets the node say where HOME is', () => {
    expect(taskEnvironment({ ...common, node: { HOME: '/users/me' } }).HOME).toBe('/users/me');
  });

  it('turns every sign of a property but letters and digits into an underscore', () => {
    expect(variableName('fs.s3a.secret-key$é')).toBe('fs_s3a_secret_key__');
  });
});

describe('nodeEnvironment', () => {
  it('passes on what programs need and nothing else', () => {
    const env = {
      PATH: '/bin',
      AWS_PROFILE: 'p',
      LC_ALL: 'C',
      NODE_COMPILE_CACHE: '/c',
      https_proxy: 'x',
      SECRET: 's',
      EDITOR: 'vi',
      AWS_CONFIG_FILE: undefined,
    };
    expect(nodeEnvironment(env)).toEqual({ PATH: '/bin', AWS_PROFILE: 'p', LC_ALL: 'C', NODE_COMPILE_CACHE: '/c', https_proxy: 'x' });
  });

  it('says where the AWS files of the user are, where they are', async () => {
    await mkdir(join(directory, '.aws'));
    await writeFile(join(directory, '.aws', 'config'), '');
    expect(nodeEnvironment({ HOME: directory })).toEqual({ AWS_CONFIG_FILE: join(directory, '.aws', 'config') });
    expect(nodeEnvironment({ HOME: directory, AWS_CONFIG_FILE: '/own' })).toEqual({ AWS_CONFIG_FILE: '/own' });
  });
});

describe('the sandbox', () => {
  it('links files under their names and archives unpacked', async () => {
    await writeFile(join(directory, 'a.js'), 'x');
    await mkdir(join(directory, 'tree'));
    const links = await sandboxLinks([`${directory}/a.js`, `file://${directory}/a.js#b.js`], [`${directory}/tree#node`], join(directory, 'unpacked'));
    const sandbox = join(directory, 'sandbox');
    await makeSandbox(sandbox, links);
    expect(await readlink(join(sandbox, 'a.js'))).toBe(join(directory, 'a.js'));
    expect(await readlink(join(sandbox, 'b.js'))).toBe(join(directory, 'a.js'));
    expect(await readlink(join(sandbox, 'node'))).toBe(join(directory, 'tree'));
    expect((await stat(join(sandbox, 'tmp'))).isDirectory()).toBe(true);
    await removeSandbox(sandbox);
    expect(await readFile(join(directory, 'a.js'), 'utf8')).toBe('x');
  });

  it('refuses a file that is missing and an archive that is none', async () => {
    await expect(sandboxLinks([`${directory}/no.js`], [], directory)).rejects.toThrow(`File ${directory}/no.js does not exist.`);
    await writeFile(join(directory, 'bad.tar.gz'), 'no archive');
    await expect(sandboxLinks([], [`${directory}/bad.tar.gz`], join(directory, 'u'))).rejects.toThrow(/cannot be unpacked by tar/);
  });

  it('finds a program beside it first, and makes a copy executable, never the original', async () => {
    await writeFile(join(directory, 'script.sh'), '#!/bin/sh\n');
    await chmod(join(directory, 'script.sh'), 0o644);
    const sandbox = join(directory, 'sandbox');
    await makeSandbox(sandbox, await sandboxLinks([`${directory}/script.sh`], [], directory));
    expect(await programIn(sandbox, 'script.sh')).toBe(join(sandbox, 'script.sh'));
    expect((await stat(join(sandbox, 'script.sh'))).mode & 0o111).toBe(0o111);
    expect((await stat(join(directory, 'script.sh'))).mode & 0o111).toBe(0);
    expect(await programIn(sandbox, 'cat')).toBe('cat');
    expect(await programIn(sandbox, '/bin/cat')).toBe('/bin/cat');
  });
});

describe('runTasks', () => {
  it('runs so many at once, in their order', async () => {
    const begun: number[] = [];
    let running = 0;
    let most = 0;
    const tasks = Array.from({ length: 7 }, (_, number) => async () => {
      begun.push(number);
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });
    await runTasks(tasks, 3, new AbortController().signal);
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(most).toBe(3);
  });

  it('ends the others at the first failure, and throws it', async () => {
    const ended: string[] = [];
    const waits = (name: string) => async (signal: AbortSignal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      ended.push(name);
    };
    const fails = async () => {
      throw new Error('first');
    };
    await expect(runTasks([waits('a'), fails, waits('never begun')], 2, new AbortController().signal)).rejects.toThrow('first');
    expect(ended).toEqual(['a']);
  });

  it('throws the reason of the signal', async () => {
    await expect(runTasks([async () => undefined], 1, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  });
});
