import { describe, expect, it } from 'vitest';
import { VERIFY_VERDICTS, type VerdictCount, type VerifyVerdict } from '../../../../emr-steps/records/verdict-count.ts';
import { assessVerification } from '../../../../workflows/plan/assess-verification.ts';
import { runFacts } from '../../../helpers/run-facts.ts';

const count = (verdict: VerifyVerdict, objects: number): VerdictCount => ({ verdict, objects, bytes: objects });
const { request } = runFacts();
const withExtras = runFacts({ diff: { extras: true } }).request;

describe('a verification', () => {
  it.each([
    ['nothing', [], { equal: 0, differences: {}, rows: 0, unexplained: 0 }],
    [
      'what every reducer found equal, by any proof',
      [count('equal-etag', 3), count('equal-etag', 4), count('equal-checksum', 2), count('equal-size', 1)],
      { equal: 10, differences: {}, rows: 0, unexplained: 0 },
    ],
    ['what was skipped, which is no difference', [count('left-out', 5)], { equal: 0, differences: {}, rows: 0, unexplained: 0 }],
    ['what failed, which the books tell already', [count('failed', 2)], { equal: 0, differences: { failed: 2 }, rows: 2, unexplained: 0 }],
    [
      'what is missing',
      [count('missing', 1), count('missing', 2), count('etag', 1)],
      { equal: 0, differences: { missing: 3, etag: 1 }, rows: 4, unexplained: 4 },
    ],
    ['extras, which nobody asked for', [count('extra', 7)], { equal: 0, differences: { extra: 7 }, rows: 0, unexplained: 0 }],
  ] as const)('counts %s', (_, counts, expected) => {
    expect(assessVerification(request, counts)).toEqual(expected);
  });

  it('takes extras for differences where they are asked for', () => {
    expect(assessVerification(withExtras, [count('extra', 7)])).toMatchObject({ rows: 7, unexplained: 7 });
  });

  it('has each verdict in one place: well, left out, or a difference', () => {
    const all = assessVerification(
      withExtras,
      VERIFY_VERDICTS.map((verdict) => count(verdict, 1)),
    );
    expect(all.equal + 1 + all.rows).toBe(VERIFY_VERDICTS.length);
  });
});
