import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TaskStatistics } from '../../../emr-steps/books/task-statistics.ts';
import { statisticsCollector } from '../../../emr-steps/hadoop/statistics.ts';
import { type ReportOptions, reportStatistics } from '../../../emr-steps/hadoop/statistics-report.ts';
import { taskReporter } from '../../../emr-steps/hadoop/task-reporter.ts';

const START = new Date('2026-11-21T01:02:03.000Z');

function collector() {
  return statisticsCollector({ program: 'copy-objects', taskAttempt: 'attempt_1_0001_m_000000_0', now: () => START });
}

describe('statisticsCollector', () => {
  it('adds up what it is told', () => {
    const statistics = collector();
    statistics.recordsIn(3);
    statistics.recordsOut(2);
    statistics.bytes(10);
    statistics.bytes(5);
    statistics.request('CopyObject');
    statistics.request('CopyObject');
    statistics.error('SlowDown');
    statistics.count('streamed', 4);
    statistics.count('constructor');
    expect(statistics.snapshot(true)).toEqual({
      version: 1,
      program: 'copy-objects',
      taskAttempt: 'attempt_1_0001_m_000000_0',
      startedAt: START.toISOString(),
      updatedAt: START.toISOString(),
      finished: true,
      recordsIn: 3,
      recordsOut: 2,
      bytes: 15,
      requests: { CopyObject: 2 },
      errors: { SlowDown: 1 },
      counts: { streamed: 4, constructor: 1 },
    });
  });

  it('moves with everything that it is told', () => {
    const statistics = collector();
    const seen = [statistics.moves];
    for (const act of [() => statistics.request('a'), () => statistics.error('b'), () => statistics.bytes(0), () => statistics.recordsIn(1)]) {
      act();
      seen.push(statistics.moves);
    }
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('reportStatistics', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function start(options: Partial<ReportOptions> = {}) {
    const lines: string[] = [];
    const written: TaskStatistics[] = [];
    const errors: unknown[] = [];
    const statistics = collector();
    const report = reportStatistics({
      statistics,
      reporter: taskReporter({ write: (line: string) => lines.push(line.trimEnd()) }),
      write: async (snapshot) => void written.push(snapshot),
      onWriteError: (error) => errors.push(error),
      clock: () => Date.now(),
      ...options,
    });
    return { lines, written, errors, statistics, report };
  }

  it('writes counters of what is new and all statistics every two seconds', async () => {
    const { lines, written, statistics, report } = start();
    statistics.recordsIn(5);
    await vi.advanceTimersByTimeAsync(2_000);
    statistics.recordsIn(2);
    statistics.recordsOut(7);
    statistics.bytes(100);
    await vi.advanceTimersByTimeAsync(2_000);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(lines).toEqual([
      'reporter:counter:carillon,records in,5',
      'reporter:counter:carillon,records in,2',
      'reporter:counter:carillon,records out,7',
      'reporter:counter:carillon,bytes,100',
    ]);
    expect(written.map((each) => [each.recordsIn, each.finished])).toEqual([
      [5, false],
      [7, false],
    ]);
    await report.stop(true);
    expect(written.at(-1)).toMatchObject({ recordsIn: 7, recordsOut: 7, finished: true });
  });

  it('says that it waits while nothing moves, and falls silent when nothing has moved for too long', async () => {
    const { lines, statistics, report } = start({ patienceMilliseconds: 60_000 });
    statistics.recordsIn(1);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(lines.filter((line) => line.startsWith('reporter:status:'))).toEqual([
      'reporter:status:1 records in, 0 out; waiting for 20 s',
      'reporter:status:1 records in, 0 out; waiting for 40 s',
    ]);
    await report.stop(false);
  });

  it('goes on when the statistics cannot be written, and says so once', async () => {
    const { errors, statistics, report } = start({
      write: async () => {
        throw new Error('disk full');
      },
    });
    for (let turn = 0; turn < 3; turn += 1) {
      statistics.bytes(1);
      await vi.advanceTimersByTimeAsync(2_000);
    }
    await report.stop(true);
    expect(errors).toEqual([new Error('disk full')]);
  });

  it('does not write again while a write is under way, and ends with the last state', async () => {
    const written: number[] = [];
    const { statistics, report } = start({
      write: async (snapshot) => {
        await new Promise((resolve) => setTimeout(resolve, 5_000));
        written.push(snapshot.bytes);
      },
    });
    for (let turn = 0; turn < 4; turn += 1) {
      statistics.bytes(1);
      await vi.advanceTimersByTimeAsync(2_000);
    }
    const stopped = report.stop(true);
    await vi.advanceTimersByTimeAsync(20_000);
    await stopped;
    expect(written).toEqual([1, 4, 4]);
  });

  it('reports without a writer', async () => {
    const { lines, statistics, report } = start({ write: null });
    statistics.bytes(1);
    await report.stop(true);
    expect(lines).toEqual(['reporter:counter:carillon,bytes,1']);
  });
});
