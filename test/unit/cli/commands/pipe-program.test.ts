import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pipeProgram } from '../../../../cli/commands/pipe-program.ts';
import { StoppedError } from '../../../../emr-steps/bin/explain-error.ts';
import type { ProgramMain } from '../../../../emr-steps/bin/program.ts';
import { outputWriter } from '../../../../emr-steps/hadoop/output-writer.ts';
import type { StepProgress } from '../../../../workflows/events/run-event.ts';
import { capturedHost } from '../../../helpers/captured-host.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipe-program-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Says what it was given. */
const echo: ProgramMain = async (args, env, stdin, stdout) => {
  const writer = outputWriter(stdout);
  await writer.bytes(Buffer.from(`${args.join(' ')} ${env.WHO} ${await text(stdin)}`));
  await writer.finish();
  return 0;
};

async function pipe(program: ProgramMain, given: { readonly output?: string; readonly signal?: AbortSignal } = {}) {
  const host = capturedHost({ env: { WHO: 'me' }, ...(given.signal !== undefined && { signal: given.signal }) });
  const progress: StepProgress[] = [];
  const onProgress = (each: StepProgress) => void progress.push(each);
  const end = await pipeProgram({ program, args: ['--a', 'b'], input: 'one\ntwo\n', output: given.output, host, onProgress });
  return { end, progress, stdout: host.stdout.text(), stderr: host.stderr.text() };
}

describe('a program in a pipe', () => {
  it('gets arguments, environment and input, and writes to our standard output', async () => {
    const { end, stdout, stderr } = await pipe(echo);
    expect({ stdout, stderr, cause: end.cause, log: end.log }).toEqual({ stdout: '--a b me one\ntwo\n', stderr: '', cause: null, log: '' });
  });

  it('writes to a file, over what was there', async () => {
    const output = join(folder, 'lines');
    await writeFile(output, 'much longer than what comes now, so that the rest would be seen');
    const { end, stdout } = await pipe(echo, { output });
    expect([end.cause, stdout, await readFile(output, 'utf8')]).toEqual([null, '', '--a b me one\ntwo\n']);
  });

  it('hears counters as progress, whatever the chunks, and keeps the rest as the log', async () => {
    const { end, progress } = await pipe(async (_args, _env, _stdin, _stdout, stderr) => {
      stderr.write('reporter:counter:carillon,records in,2\nreporter:counter:carillon,rec');
      stderr.write('ords out,3\nreporter:counter:carillon,other,9\nreporter:status:busy\nbad luck');
      return 7;
    });
    expect(progress).toEqual([
      { recordsIn: 2, recordsOut: 0, bytes: 0, total: null },
      { recordsIn: 2, recordsOut: 3, bytes: 0, total: null },
    ]);
    expect(end).toEqual({ cause: 'exit code 7', log: 'bad luck\n', progress: progress[1] });
  });

  it('tells the program of a full disk', async () => {
    const failing: ProgramMain = async (...given) => {
      try {
        return await echo(...given);
      } catch (error) {
        given[4].write(`${(error as Error).message}\n`);
        return 1;
      }
    };
    const { end } = await pipe(failing, { output: '/dev/full' });
    expect(end).toMatchObject({ cause: 'exit code 1', log: expect.stringContaining('it cannot be written (ENOSPC)') });
  });

  it('refuses a file that cannot be written before the program starts', async () => {
    let started = false;
    const program: ProgramMain = async () => {
      started = true;
      return 0;
    };
    await expect(pipe(program, { output: join(folder, 'no', 'file') })).rejects.toMatchObject({ code: 'PREFLIGHT_FAILED' });
    expect(started).toBe(false);
  });

  it.each(['before it begins', 'while it works'])('stops it with the reason that we are stopped for, %s', async (when) => {
    const stop = new AbortController();
    const stopped = new StoppedError('SIGINT', 2);
    if (when === 'before it begins') stop.abort(stopped);
    const reason = await new Promise<unknown>((resolve, reject) => {
      const program: ProgramMain = async (_args, _env, _stdin, _stdout, _stderr, { signal } = {}) => {
        signal?.addEventListener('abort', () => resolve(signal.reason), { once: true });
        if (signal?.aborted) resolve(signal.reason);
        stop.abort(stopped);
        return 130;
      };
      pipe(program, { signal: stop.signal }).catch(reject);
    });
    expect(reason).toBe(stopped);
  });
});
