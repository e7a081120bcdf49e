import { describe, expect, it } from 'vitest';
import { barPrinter } from '../../../../cli/printers/bar-printer.ts';
import { jsonPrinter } from '../../../../cli/printers/json-printer.ts';
import { linePrinter } from '../../../../cli/printers/line-printer.ts';
import { choosePrinter } from '../../../../cli/printers/printer.ts';
import { quietPrinter } from '../../../../cli/printers/quiet-printer.ts';
import { drawUpBooks } from '../../../../emr-steps/books/books.ts';
import type { RunEvent, StepProgress } from '../../../../workflows/events/run-event.ts';
import { capture, capturedHost } from '../../../helpers/captured-host.ts';

const at = '2026-01-02T03:04:05.000Z';
const progress = (recordsIn: number, total: number | null, bytes = 0): StepProgress => ({ recordsIn, recordsOut: recordsIn, bytes, total });
const started: RunEvent = { type: 'step.started', at, step: 'copy-objects.r1.t1', args: [] };
const listed = { objects: 5, bytes: 5000 };

function finished(counts: Parameters<typeof drawUpBooks>[2], over: Partial<Extract<RunEvent, { type: 'run.finished' }>> = {}): RunEvent {
  const books = drawUpBooks(listed, { objects: 1, bytes: 1000 }, counts);
  return { type: 'run.finished', at, runId: 'r', status: 'succeeded', cause: null, books, seconds: 2, requests: { CopyObject: 1234 }, ...over };
}

const well = finished([
  { outcome: 'copied', reason: null, objects: 2, bytes: 2000 },
  { outcome: 'skipped', reason: 'archived', objects: 2, bytes: 2000 },
]);

describe('the books at the end', () => {
  it('show every outcome, the reasons, rates, requests, and that they balance', () => {
    const stdout = capture();
    const printer = linePrinter(stdout, capture());
    printer.event({ type: 'run.started', at, runId: 'r', runDirectory: '/runs/r' });
    printer.event(well);
    expect(stdout.text()).toBe(
      [
        'run r succeeded in 2.0 s',
        '  listed                    5  4.88 KiB',
        '  copied                    2  1.95 KiB',
        '  unchanged                 1  0.98 KiB',
        '  skipped                   2  1.95 KiB',
        '  failed                    0  0 B',
        '    archived: 2 (the object lies in an archive class and is not restored)',
        '  rate         1 object/s, 0.98 KiB/s',
        '  balanced     5 = 2 + 1 + 2 + 0',
        '  requests     CopyObject 1,234',
        '  run directory /runs/r',
        '',
      ].join('\n'),
    );
  });

  it('say aloud where they do not balance, and why', () => {
    const stdout = capture();
    linePrinter(stdout, capture()).event(finished([{ outcome: 'unlisted', reason: null, objects: 3, bytes: 1 }], { status: 'failed' }));
    expect(stdout.text()).toContain('NOT BALANCED 5 is not 0 + 1 + 0 + 0; 3 in the ledger that nobody asked for');
  });
});

describe('the line printer', () => {
  it('tells each step, what failed with its log, the diff and the rounds on standard error alone', () => {
    const [stdout, stderr] = [capture(), capture()];
    const printer = linePrinter(stdout, stderr);
    printer.event(started);
    printer.event({ type: 'step.progress', at, step: 'copy-objects.r1.t1', progress: progress(1, 2) });
    printer.event({ type: 'step.finished', at, step: 'copy-objects.r1.t1', progress: progress(2, 2, 2048), seconds: 1.5 });
    printer.event({ type: 'step.attempt-failed', at, step: 's', taskAttempt: 'attempt_1', cause: 'exit code 1', log: 'x' });
    printer.event({ type: 'step.failed', at, step: 's', cause: 'exit code 1', log: 'one\ntwo\n' });
    printer.event({ type: 'diff.counted', at, missing: 1, different: 2, unchanged: 3000, extra: 0 });
    printer.event({ type: 'round.decided', at, round: 1, again: true, unsettled: 1, why: 'what is left may heal' });
    printer.event({ type: 'run.would-copy', at, objects: 1, bytes: 0 });
    expect(stderr.text()).toBe(
      [
        'copy-objects.r1.t1        1.5 s  2 in, 2 out, 2.00 KiB',
        's: attempt attempt_1 failed, exit code 1',
        's failed: exit code 1',
        '    one',
        '    two',
        '1 missing, 2 different, 3,000 unchanged, 0 extra',
        'round 1: 1 object unsettled, what is left may heal',
        'would copy 1 object, 0 B',
        '',
      ].join('\n'),
    );
    expect(stdout.text()).toBe('');
  });
});

describe('the JSON printer', () => {
  it('writes one event a line, which reads back as the event', () => {
    const stdout = capture();
    const printer = jsonPrinter(stdout);
    const events: readonly RunEvent[] = [started, well];
    for (const event of events) printer.event(event);
    expect(
      stdout
        .text()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(events);
  });
});

describe('the quiet printer', () => {
  it('says nothing of a run that is well, and what failed of one that is not', () => {
    const stderr = capture();
    const printer = quietPrinter(stderr);
    printer.event(started);
    printer.event(well);
    expect(stderr.text()).toBe('');
    printer.event({ type: 'step.failed', at, step: 's', cause: 'exit code 1', log: '' });
    printer.event(finished([{ outcome: 'failed', reason: 'access-denied', objects: 4, bytes: 4000 }], { status: 'partial' }));
    expect(stderr.text()).toBe('s failed: exit code 1\nrun r: 4 objects failed\n');
  });
});

describe('the bar', () => {
  it('is redrawn in place with share, rate and remaining time, and cleared before lines that stay', () => {
    let now = 0;
    const stderr = capture({ columns: 120 });
    const printer = barPrinter(capture(), stderr, () => now);
    printer.event(started);
    now = 4000;
    printer.event({ type: 'step.progress', at, step: 'copy-objects.r1.t1', progress: progress(250, 1000, 4096) });
    const drawn = stderr.text();
    expect(drawn).toContain('\r\u001b[K copy-objects.r1.t1  [#####               ] 25%  250/1,000  63/s  1.00 KiB/s  12 s left ');
    expect(drawn).not.toContain('\n');
    printer.event({ type: 'step.finished', at, step: 'copy-objects.r1.t1', progress: progress(1000, 1000), seconds: 5 });
    expect(stderr.text().slice(drawn.length)).toBe('\r\u001b[Kcopy-objects.r1.t1        5.0 s  1,000 in, 1,000 out\n');
    printer.end();
    expect(stderr.text()).toMatch(/out\n$/);
  });

  it('is not drawn more often than ten times a second', () => {
    let now = 0;
    const stderr = capture({ columns: 80 });
    const printer = barPrinter(capture(), stderr, () => now);
    printer.event(started);
    for (now = 1; now <= 1000; now += 1) printer.event({ type: 'step.progress', at, step: 'copy-objects.r1.t1', progress: progress(now, 1000) });
    expect(stderr.text().split('\r').length - 1).toBeLessThanOrEqual(12);
  });

  it('fits two steps into one line of the terminal', () => {
    let now = 0;
    const stderr = capture({ columns: 60 });
    const printer = barPrinter(capture(), stderr, () => now);
    printer.event({ ...started, step: 'list-source.t1' });
    printer.event({ ...started, step: 'list-destination.t1' });
    now = 5000;
    printer.event({ type: 'step.progress', at, step: 'list-source.t1', progress: progress(123_456, null) });
    const line = stderr.text().split('\u001b[K').at(-1) ?? '';
    expect(line).toContain('list-source.t1  123,456');
    expect(line).toContain('list-destination.t1');
    expect(line.length).toBeLessThan(60);
  });
});

describe('the printer', () => {
  it('is a bar only where standard error is a terminal', async () => {
    const host = { ...capturedHost(), stderr: capture({ columns: 80 }) };
    const printer = await choosePrinter({ json: false, quiet: false }, host);
    printer.event(started);
    expect(host.stderr.text()).toContain('\r');
    const plain = capturedHost();
    (await choosePrinter({ json: false, quiet: false }, plain)).event(started);
    expect(plain.stderr.text()).toBe('');
  });

  it('keeps standard output free for rows where it is told to', async () => {
    const host = capturedHost();
    (await choosePrinter({ json: false, quiet: false }, host, host.stderr)).event(well);
    expect(host.stdout.text()).toBe('');
    expect(host.stderr.text()).toContain('balanced');
  });
});
