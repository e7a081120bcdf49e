import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runClient } from '../../../../infra/hadoop/client-process.ts';

const client = (script: string, { signal = new AbortController().signal, onLine = (_line: string): void => {} } = {}) =>
  runClient({ command: ['/bin/sh', '-c', script], directory: tmpdir(), env: {}, signal, onLine });

describe('a client of Hadoop', () => {
  it('ends with its code, with 128 and the signal that ended it, or with 127 and the reason where it cannot be started', async () => {
    expect((await client('exit 3')).code).toBe(3);
    expect((await client('kill -9 $$')).code).toBe(137);
    const missing = await runClient({ command: ['/nowhere/hadoop'], directory: tmpdir(), env: {}, signal: new AbortController().signal });
    expect(missing).toMatchObject({ code: 127, log: expect.stringContaining('ENOENT') });
  });

  it('is ended at once where it is told to before it begins', async () => {
    expect((await client('sleep 60', { signal: AbortSignal.abort() })).code).toBe(143);
  });

  it('has its lines told, those of each output by themselves and the last one without an end too', async () => {
    const lines: string[] = [];
    const { log } = await client('printf half; echo whole >&2; sleep 0.1; echo " of it"; printf last', { onLine: (line) => lines.push(line) });
    expect(lines.toSorted()).toEqual(['half of it', 'last', 'whole']);
    expect(log).toContain('last');
  });
});
