import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { errorLines, exitCodeOf, StoppedError } from '../../../emr-steps/bin/explain-error.ts';
import { startProcess } from '../../../emr-steps/bin/process-entry.ts';
import type { ProgramMain } from '../../../emr-steps/bin/program.ts';
import { runStartedAt } from '../../../emr-steps/bin/run-started-at.ts';
import { runIdOf } from '../../../workflows/plan/run-id.ts';

function host() {
  const events = new EventEmitter();
  const exits: number[] = [];
  const stderr = new PassThrough();
  return {
    exits,
    events,
    said: () => String(stderr.read() ?? ''),
    process: {
      ppid: 17,
      argv: ['node', 'program.js', '--a', 'b'],
      env: { X: '1' },
      stdin: new PassThrough(),
      stdout: new PassThrough(),
      stderr,
      on: (name: string, listener: (value: unknown) => void) => events.on(name, listener),
      exit: (code: number) => exits.push(code),
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('startProcess', () => {
  it('gives the program its arguments and environment and exits with its code', async () => {
    const own = host();
    const seen: unknown[] = [];
    const main: ProgramMain = async (argv, env) => {
      seen.push(argv, env);
      return 7;
    };
    startProcess(main, own.process);
    await settle();
    expect(seen).toEqual([['--a', 'b'], { X: '1' }]);
    expect(own.exits).toEqual([7]);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGQUIT', 131],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ])('aborts the work at %s', async (name, code) => {
    const own = host();
    const main: ProgramMain = async (_argv, _env, _in, _out, _err, bindings) => {
      await new Promise((resolve) => bindings?.signal?.addEventListener('abort', resolve));
      return exitCodeOf(bindings?.signal?.reason);
    };
    startProcess(main, own.process);
    own.events.emit(name);
    await settle();
    expect(own.exits).toEqual([code]);
  });

  it('knows when its parent has gone', async () => {
    const own = host();
    const seen: (boolean | undefined)[] = [];
    const main: ProgramMain = async (_argv, _env, _in, _out, _err, bindings) => {
      seen.push(bindings?.isFed?.());
      own.process.ppid = 1;
      seen.push(bindings?.isFed?.());
      return 0;
    };
    startProcess(main, own.process);
    await settle();
    expect(seen).toEqual([true, false]);
  });

  it('says what nobody caught, and exits with 1', async () => {
    const own = host();
    startProcess(() => new Promise(() => undefined), own.process);
    own.events.emit('uncaughtException', Object.assign(new Error('gone\nwrong'), { code: 'ODD' }));
    expect(own.exits).toEqual([1]);
    expect(own.said()).toBe('uncaught: ODD: gone wrong\n');
  });
});

describe('errorLines', () => {
  it('shows a defect with its stack and an error with a code on one line', () => {
    expect(errorLines('p', new TypeError('x is not a function'))[0]).toBe('p: TypeError: x is not a function');
    expect(errorLines('p', new TypeError('x')).length).toBeGreaterThan(1);
    expect(errorLines('p', new StoppedError('SIGTERM', 15))).toHaveLength(1);
    expect(errorLines('p', 'text\nonly')).toEqual(['p: text only']);
  });

  it('knows the exit codes', () => {
    expect(exitCodeOf(Object.assign(new Error(), { code: 'LINE_MALFORMED' }))).toBe(2);
    expect(exitCodeOf(Object.assign(new Error(), { code: 'SlowDown' }))).toBe(1);
    expect(exitCodeOf(new Error('x'))).toBe(1);
    expect(exitCodeOf('x')).toBe(1);
  });
});

describe('runStartedAt', () => {
  it('is what the run id begins with', () => {
    const startedAt = new Date('2026-11-21T02:16:55.678Z');
    expect(runStartedAt(runIdOf(startedAt, 'arn'))).toEqual(new Date('2026-11-21T02:16:55Z'));
  });

  it.each(['adhoc', '20261341-021655-x', ''])('is unknown of %j', (id) => {
    expect(runStartedAt(id)).toBeNull();
  });
});
