import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { formatBytes, reportProgress } from '../../../emr-steps/hadoop/progress.ts';
import type { StepContext } from '../../../emr-steps/hadoop/step-context.ts';

function recording(): { readonly context: StepContext; readonly said: string[] } {
  const said: string[] = [];
  const context = {
    reporter: {
      status: (text: string) => said.push(`status ${text.replace(/\(.*\)/, '(rates)')}`),
    },
    statistics: { bytes: (amount: number) => said.push(`bytes ${amount}`) },
  } as unknown as StepContext;
  return { context, said };
}

describe('reportProgress', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('says the status whenever something was done, and nothing in between', () => {
    const { context, said } = recording();
    const progress = reportProgress(context, 'copied', 'objects', 1_000);
    progress.add(2, 1_500);
    vi.advanceTimersByTime(2_000);
    progress.add(1, 0);
    vi.advanceTimersByTime(999);
    progress.stop();
    vi.advanceTimersByTime(5_000);
    expect(said).toEqual(['bytes 1500', 'status copied 2 objects, 1.5 kB (rates)', 'status copied 3 objects, 1.5 kB (rates)']);
  });

  test('tells no bytes where none are moved', () => {
    const { context, said } = recording();
    const progress = reportProgress(context, 'planned', 'objects');
    progress.add(7, 0);
    progress.stop();
    expect(said).toEqual(['status planned 7 objects (rates)']);
  });
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [1_234_567_890, '1.2 GB'],
  [5e16, '50.0 PB'],
  [5e18, '5000 PB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
