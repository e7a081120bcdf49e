import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareEnds, firstText, isLeftOut, type KeySlice, textBehind } from '../../../emr-steps/keyspace/key-slice.ts';
import { tilingFaults } from '../../../emr-steps/keyspace/tiling.ts';

const ALL: KeySlice = { delimiter: '', prefix: '', startAfter: null, end: null };

function holds(slice: KeySlice, text: string): boolean {
  const { prefix, startAfter, end } = slice;
  const isWithin = (startAfter === null || compareEnds(text, startAfter) > 0) && (end === null || compareEnds(text, end) <= 0);
  return text.startsWith(prefix) && isWithin && !isLeftOut(slice, text);
}

/** Every text of up to three of these letters. */
const LETTERS = ['\0', '/', 'a', 'b', '\uffff', '\u{10ffff}'];
const TEXTS = [
  '',
  ...LETTERS,
  ...LETTERS.flatMap((a) => LETTERS.map((b) => a + b)),
  ...LETTERS.flatMap((a) => LETTERS.flatMap((b) => LETTERS.map((c) => a + b + c))),
];

const text = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 2 });
const slice: fc.Arbitrary<KeySlice> = fc.record({
  delimiter: fc.constantFrom('', '', '/', 'b', '\u{10ffff}'),
  prefix: fc.oneof(fc.constant(''), text),
  startAfter: fc.option(text),
  end: fc.option(text),
});

describe('a slice', () => {
  it('begins and ends where its texts do', () => {
    fc.assert(
      fc.property(slice, (one) => {
        for (const each of TEXTS) {
          const isBetween = compareEnds(each, firstText(one)) >= 0 && compareEnds(each, textBehind(one)) < 0;
          expect(isBetween && !isLeftOut(one, each)).toBe(holds(one, each));
        }
      }),
    );
  });
});

describe('tilingFaults', () => {
  it('names a text that two slices hold, or that none holds, and nothing where every text is in exactly one', () => {
    fc.assert(
      fc.property(
        fc.array(slice, { maxLength: 4 }),
        fc.oneof(
          fc.constant(ALL),
          slice.map((one) => ({ ...one, delimiter: '' })),
        ),
        (slices, whole) => {
          const faults = tilingFaults(slices, whole);
          for (const fault of faults) {
            if (fault.kind === 'overlap') {
              expect(fault.first).toBeLessThan(fault.second);
              expect([fault.first, fault.second].every((index) => holds(slices[index] as KeySlice, fault.example))).toBe(true);
            } else {
              expect(slices.some((one) => holds(one, fault.example))).toBe(false);
              expect(holds(whole, fault.example)).toBe(true);
            }
          }
          const hasOverlap = faults.some(({ kind }) => kind === 'overlap');
          const hasGap = faults.some(({ kind }) => kind === 'gap');
          for (const each of TEXTS) {
            const held = slices.filter((one) => holds(one, each)).length;
            if (held > 1) expect(hasOverlap).toBe(true);
            if (held === 0 && holds(whole, each)) expect(hasGap).toBe(true);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('finds nothing wrong with ranges whose bounds meet', () => {
    const ranges = [
      { ...ALL, end: 'b' },
      { ...ALL, startAfter: 'b', end: '京' },
      { ...ALL, startAfter: '京' },
    ];
    expect(tilingFaults(ranges)).toEqual([]);
    expect(tilingFaults(ranges.toReversed())).toEqual([]);
  });

  it('finds the gap and the overlap of ranges whose bounds do not', () => {
    expect(
      tilingFaults([
        { ...ALL, end: 'b' },
        { ...ALL, startAfter: 'c' },
      ]),
    ).toEqual([{ kind: 'gap', example: 'b\0', from: 'b\0', to: 'c\0', delimiters: [] }]);
    expect(
      tilingFaults([
        { ...ALL, end: 'c' },
        { ...ALL, startAfter: 'b' },
      ]),
    ).toEqual([{ kind: 'overlap', first: 0, second: 1, example: 'b\0' }]);
  });

  it('joins a gap that other slices cut', () => {
    const slices = [
      { ...ALL, prefix: 'a' },
      { ...ALL, prefix: 'd' },
    ];
    expect(tilingFaults([...slices, { ...ALL, prefix: 'b', startAfter: 'bx', end: 'bx' }], { ...ALL, startAfter: 'a', end: 'd' })).toEqual([
      { kind: 'gap', example: 'b', from: 'b', to: 'd', delimiters: [] },
    ]);
  });

  it("sees that Campanile's part file has no overlap, and which keys it would leave out", () => {
    const digits = [...'123456789abcdef'].map((prefix) => ({ ...ALL, prefix }));
    const faults = tilingFaults([{ ...ALL, delimiter: '/', prefix: '0' }, { ...ALL, prefix: '000/' }, ...digits], { ...ALL, prefix: '0' });
    expect(faults.every(({ kind }) => kind === 'gap')).toBe(true);
    expect(faults).toEqual([
      { kind: 'gap', example: '0/', from: '0', to: '000/', delimiters: ['/'] },
      { kind: 'gap', example: '0000/', from: '0000', to: '1', delimiters: ['/'] },
    ]);
  });

  it('sees an overlap of a prefix with a delimiter and one within it that has none', () => {
    const faults = tilingFaults(
      [
        { ...ALL, delimiter: '/', prefix: 'a' },
        { ...ALL, prefix: 'ab' },
      ],
      { ...ALL, prefix: 'ab' },
    );
    expect(faults).toEqual([{ kind: 'overlap', first: 0, second: 1, example: 'ab' }]);
  });
});
