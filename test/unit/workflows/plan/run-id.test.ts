import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUN_ID_PATTERN, runIdOf } from '../../../../workflows/plan/run-id.ts';

const time = fc.date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2999-01-01T00:00:00Z'), noInvalidDate: true });

describe('a run id', () => {
  it('is a name that clusters and role sessions take', () => {
    fc.assert(fc.property(time, fc.string(), (start, arn) => RUN_ID_PATTERN.test(runIdOf(start, arn))));
  });

  it('follows from start and identity alone, and another identity has another id', () => {
    const start = new Date('2026-01-02T03:04:05.678Z');
    expect(runIdOf(start, 'arn:1')).toBe(runIdOf(start, 'arn:1'));
    expect(runIdOf(start, 'arn:1')).toMatch(/^20260102-030405-[0-9a-f]{10}$/);
    expect(runIdOf(start, 'arn:2')).not.toBe(runIdOf(start, 'arn:1'));
  });

  it('sorts by the second of the start', () => {
    fc.assert(
      fc.property(time, time, fc.string(), (a, b, arn) => {
        fc.pre(Math.floor(a.getTime() / 1000) < Math.floor(b.getTime() / 1000));
        expect(runIdOf(a, arn) < runIdOf(b, arn)).toBe(true);
      }),
    );
  });
});
