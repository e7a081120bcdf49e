/** What becomes of attempts that fail, fall silent or are killed, and of the job with them. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventsOf, JobFolder, MAP_ONLY, N_LINE } from './run-job.ts';

let folder: JobFolder;
beforeEach(async () => {
  folder = await JobFolder.create();
});
afterEach(async () => {
  await folder.remove();
});

/** Whether a process that wrote its id to a file is still there. */
async function lives(file: string): Promise<boolean> {
  const pid = Number(await folder.read(file));
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(file: string): Promise<void> {
  for (let turn = 0; turn < 500 && (await lives(file)); turn += 1) await sleep(10);
  expect(await lives(file)).toBe(false);
}

async function untilThere(file: string): Promise<void> {
  for (let turn = 0; turn < 1000; turn += 1) {
    if ((await folder.read(file).catch(() => '')) !== '') return;
    await sleep(10);
  }
  throw new Error(`${file} never came`);
}

describe('an attempt that fails', () => {
  it('is tried again, and nothing of its output or counters is kept', async () => {
    await folder.put('in/a', 'one\ntwo\n');
    const program = 'cat; echo reporter:counter:g,n,1 >&2; echo attempt $mapreduce_task_attempt_id >&2; case $mapreduce_task_attempt_id in *_0) exit 3;; esac';
    const result = await folder.run([...MAP_ONLY, '-mapper', `bash -c '${program}'`]);
    expect(result.outcome).toEqual({ status: 'completed' });
    expect(result.output).toEqual({ _SUCCESS: '', 'part-00000': 'one\ntwo\n' });
    expect(result.counters).toEqual({ 'g.n': 1 });
    const [failure, ...more] = eventsOf(result, 'step.attempt-failed');
    expect(more).toEqual([]);
    expect(failure).toMatchObject({
      step: 'test',
      taskAttempt: expect.stringMatching(/^attempt_\d+_0001_m_000000_0$/),
      cause: 'subprocess failed with code 3',
    });
    expect(failure?.log).toBe(`attempt ${failure?.taskAttempt}\n`);
  });

  it('fails the job when it was the last, and the parts of finished tasks stay without _SUCCESS', async () => {
    await folder.put('in/a', 'good\nbad\ngood\n');
    const program = 'read line; echo $line; [ "$line" = good ] || { echo no good >&2; exit 1; }';
    await folder.put('program.sh', `#!/bin/sh\n${program}\n`);
    const words = [...MAP_ONLY, '-D', 'stream.map.input.ignoreKey=true', '-D', 'mapreduce.map.maxattempts=2', '-files', join(folder.path, 'program.sh')];
    const result = await folder.run([...words, ...N_LINE, '-mapper', 'program.sh'], { concurrentTasks: 1 });
    expect(result.outcome).toMatchObject({ status: 'failed', log: 'no good\n' });
    expect(result.outcome.status === 'failed' && result.outcome.cause).toMatch(
      /^attempt_\d+_0001_m_00000\d_1 was the last of 2 attempts: subprocess failed with code 1$/,
    );
    expect(Object.keys(result.output ?? {})).not.toContain('_SUCCESS');
    expect(Object.keys(result.output ?? {})).not.toContain('_temporary');
    for (const content of Object.values(result.output ?? {})) expect(content).toBe('good\n');
    expect(eventsOf(result, 'step.attempt-failed')).toHaveLength(2);
    expect(eventsOf(result, 'step.failed')).toHaveLength(1);
  });

  it('by a signal has the code that Java gives it, and runs again', async () => {
    await folder.put('in/a', 'row\n');
    const result = await folder.run([...MAP_ONLY, '-mapper', "bash -c 'case $mapreduce_task_attempt_id in *_0) kill -9 $$;; esac; cat'"]);
    expect(result.output).toEqual({ _SUCCESS: '', 'part-00000': 'row\n' });
    expect(eventsOf(result, 'step.attempt-failed')[0]?.cause).toBe('subprocess failed with code 137');
  });

  it('takes what it left running with it', async () => {
    await folder.put('in/a', 'row\n');
    const program = `bash -c 'sleep 1000 >/dev/null 2>&1 </dev/null & echo $! > ${folder.path}/pid; exit 1'`;
    await folder.run([...MAP_ONLY, '-D', 'mapreduce.map.maxattempts=1', '-mapper', program]);
    await untilGone('pid');
  });

  it('in a reducer is tried again on the same rows', async () => {
    await folder.put('in/a', 'b\t2\na\t1\n');
    const reducer = "bash -c 'cat; case $mapreduce_task_attempt_id in *_r_*_0) exit 1;; esac'";
    const result = await folder.run(['-D', 'stream.reduce.output=keyonlytext', '-mapper', 'cat', '-reducer', reducer]);
    expect(result.output).toEqual({ _SUCCESS: '', 'part-00000': 'a\t1\nb\t2\n' });
    expect(eventsOf(result, 'step.attempt-failed')).toHaveLength(1);
  });

  it('because its program is missing says so', async () => {
    const result = await folder.run([...MAP_ONLY, '-D', 'mapreduce.map.maxattempts=1', '-mapper', 'nosuchprogram', '-input', await folder.put('in/a', 'x\n')]);
    expect(result.outcome.status === 'failed' && result.outcome.cause).toMatch(/Cannot run program "nosuchprogram": ENOENT$/);
  });

  it('counts for nothing where exit codes do not count', async () => {
    await folder.put('in/a', 'row\n');
    const result = await folder.run([...MAP_ONLY, '-D', 'stream.non.zero.exit.is.failure=false', '-mapper', "bash -c 'cat; exit 3'"]);
    expect(result.output).toEqual({ _SUCCESS: '', 'part-00000': 'row\n' });
  });
});

describe('an attempt that leaves its input', () => {
  it('fails where the input is large', async () => {
    await folder.put('in/a', 'abcdefghij\n'.repeat(300_000));
    const result = await folder.run([...MAP_ONLY, '-D', 'mapreduce.map.maxattempts=1', '-mapper', 'true']);
    expect(result.outcome.status === 'failed' && result.outcome.cause).toMatch(/Broken pipe: the program ended before it had read its input$/);
  });

  it('passes where the input is small, as with Hadoop, which holds it back', async () => {
    await folder.put('in/a', 'abcdefghij\n'.repeat(100));
    const result = await folder.run([...MAP_ONLY, '-mapper', 'true']);
    expect(result.output).toEqual({ _SUCCESS: '', 'part-00000': '' });
  });
});

describe('a silent attempt', () => {
  const timeout = ['-D', 'mapreduce.task.timeout=600', '-D', 'mapreduce.map.maxattempts=1'];

  it('is killed with its whole process group: SIGQUIT, SIGTERM, then SIGKILL', async () => {
    await folder.put('in/a', 'row\n');
    const note = (name: string) => `echo ${name} >> ${folder.path}/signals`;
    await folder.put(
      'program.sh',
      `trap "${note('QUIT')}" QUIT; trap "${note('TERM')}" TERM\nsleep 1000 & echo $! > ${folder.path}/pid\nwhile :; do wait; done\n`,
    );
    const result = await folder.run([...MAP_ONLY, ...timeout, '-mapper', `bash ${folder.path}/program.sh`]);
    expect(result.outcome.status === 'failed' && result.outcome.cause).toMatch(/Timed out after 1 secs: no input taken, no output, no report$/);
    expect((await folder.read('signals')).split('\n').slice(0, 2)).toEqual(['QUIT', 'TERM']);
    await untilGone('pid');
  });

  it.each([
    ['status', 'echo reporter:status:x >&2'],
    ['a counter', 'echo reporter:counter:g,n,1 >&2'],
    ['output', 'echo row'],
  ])('is one that gives no sign of life: %s is one', async (_what, sign) => {
    await folder.put('in/a', 'row\n');
    const program = `bash -c 'cat >/dev/null; for i in 1 2 3 4 5 6 7 8 9; do sleep 0.3; ${sign}; done'`;
    const result = await folder.run([...MAP_ONLY, '-D', 'mapreduce.task.timeout=2000', '-D', 'mapreduce.map.maxattempts=1', '-mapper', program]);
    expect(result.outcome).toEqual({ status: 'completed' });
  });

  it('is waited for where the time-out is 0', async () => {
    await folder.put('in/a', 'row\n');
    const result = await folder.run([...MAP_ONLY, '-D', 'mapreduce.task.timeout=0', '-mapper', "bash -c 'sleep 0.8; cat'"]);
    expect(result.outcome).toEqual({ status: 'completed' });
  });
});

describe('a job that is told to stop', () => {
  it('kills its attempts, leaves no output that could be taken for whole, and begins nothing more', async () => {
    await folder.put('in/a', 'one\ntwo\nthree\n');
    const stop = new AbortController();
    const program = `bash -c 'echo $$ > ${folder.path}/pid; sleep 1000 & echo $! > ${folder.path}/child; wait'`;
    const running = folder.run([...MAP_ONLY, ...N_LINE, '-mapper', program], { concurrentTasks: 1 }, stop.signal);
    await untilThere('child');
    stop.abort(new Error('interrupted'));
    const result = await running;
    expect(result.outcome).toEqual({ status: 'cancelled' });
    expect(result.output).toEqual({});
    expect(result.events.map(({ type }) => type)).toEqual(['step.started']);
    await untilGone('pid');
    await untilGone('child');
    expect(await readdir(join(folder.path, 'work'))).toEqual([]);
  });

  it('does nothing where it was told before', async () => {
    await folder.put('in/a', 'row\n');
    const result = await folder.run([...MAP_ONLY, '-mapper', 'cat'], {}, AbortSignal.abort());
    expect(result.outcome).toEqual({ status: 'cancelled' });
  });
});
