import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunFacts } from '../../../../workflows/plan/run-facts.ts';
import type { RunPlan } from '../../../../workflows/plan/run-plan.ts';
import { type RunProgress, STEP_IDS } from '../../../../workflows/plan/run-progress.ts';
import { STEP_CHARACTERS, STEP_JAR, StepTooLongError } from '../../../../workflows/plan/step-limits.ts';
import { checkWholeRun, furthestProgress, planSweep } from '../../../../workflows/plan/whole-run.ts';
import type { RunRequestInput } from '../../../../workflows/request/run-request.ts';
import { runFacts } from '../../../helpers/run-facts.ts';

/** 2,048 characters are the most that IAM takes: a path of 512 and a name of 64. */
const ROLE = { arn: `arn:aws-us-gov:iam::123456789012:role/${'p'.repeat(510)}/${'r'.repeat(64)}`, externalId: 'x'.repeat(1224), stsRegion: 'ap-southeast-4' };
const key = (at: number) => `arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/${String(at).padStart(8, '0')}-1234-1234-1234-123456789012`;
const keyMap = (size: number) => Object.fromEntries(Array.from({ length: size }, (_, at) => [key(at), key(at + size)]));
const RUNS = `s3://${'w'.repeat(63)}/${'d'.repeat(200)}/runs/20260102-030405-0123456789`;

const longest = (prefix: string, request: Partial<RunRequestInput> = {}): RunFacts => {
  const side = (name: string) => ({ bucket: name.repeat(63), prefix, role: ROLE, region: 'ap-southeast-4', expectedOwner: '123456789012', requestPayer: true });
  return runFacts(
    { source: side('a'), destination: side('b'), rounds: 10, verify: true, diff: { engine: 'hive', extras: true }, ...request },
    {
      runDirectory: RUNS,
      cluster: {
        ...runFacts().cluster,
        kind: 'hadoop',
        programs: `s3://${'c'.repeat(63)}/${'k'.repeat(64)}`,
        nodeArchive: `s3://${'c'.repeat(63)}/${'k'.repeat(64)}.tar.gz`,
      },
      verified: null,
    },
  );
};

const charactersOf = ({ steps }: RunPlan) => Object.values(steps).map((step) => (step?.args ?? []).reduce((sum, arg) => sum + arg.length, STEP_JAR.length));
const most = (plan: RunPlan) => Math.max(...charactersOf(plan));

describe('the longest legal names', () => {
  it('fit into a step in every round: buckets of 63, prefixes of 1,024, roles with paths and external ids, a map of KMS keys', () => {
    const facts = longest('x'.repeat(1024), { copy: { encryption: { keyMap: keyMap(5) } } });
    checkWholeRun(facts);
    const characters = most(planSweep(facts, furthestProgress(10), { open: [], underWay: true }));
    expect(characters).toBeGreaterThan(8_000);
    expect(characters).toBeLessThanOrEqual(STEP_CHARACTERS);
  });

  it.each([
    ['prefixes whose every sign is encoded by three', longest('\u0001'.repeat(1024))],
    ['more KMS keys than a step can name', longest('', { copy: { encryption: { keyMap: keyMap(60) } } })],
    ['expressions that fill a step', longest('', { filters: { includeExpressions: Array.from({ length: 20 }, (_, at) => `${at}${'ä'.repeat(200)}`) } })],
  ])('%s are refused before anything begins', (_, facts) => {
    expect(() => checkWholeRun(facts)).toThrow(StepTooLongError);
  });

  it('leave the state of the machine below 256 KiB', () => {
    const facts = longest('x'.repeat(1024), { copy: { encryption: { keyMap: keyMap(5) } } });
    const plan = planSweep(facts, furthestProgress(10), { open: [`${RUNS}-2`], underWay: true });
    // Twelve steps at their limit, and the rest of the plan.
    const rest = JSON.stringify({ ...plan, steps: Object.fromEntries(STEP_IDS.map((id) => [id, { ...plan.steps[id], args: [] }])) }).length;
    expect(rest + STEP_IDS.length * STEP_CHARACTERS).toBeLessThan(200_000);
  });
});

describe('a run that is not refused', () => {
  const prefixes = fc.string({ unit: 'binary', maxLength: 340 }).filter((text) => Buffer.byteLength(text) <= 1024 && text.isWellFormed());
  const progresses = fc.record({ round: fc.integer({ min: 1, max: 10 }), tries: fc.integer({ min: 1, max: 999 }), sized: fc.option(fc.nat()) });
  const neighbours = fc.record({ open: fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 900 }), { maxLength: 5 }), underWay: fc.boolean() });

  it('never comes to a step that is too long, whatever its rounds, tries and neighbours are', () => {
    fc.assert(
      fc.property(prefixes, fc.nat({ max: 30 }), progresses, neighbours, (prefix, keys, { round, tries, sized }, beside) => {
        const facts = longest(prefix, { copy: { encryption: keys === 0 ? {} : { keyMap: keyMap(keys) } } });
        try {
          checkWholeRun(facts);
        } catch (error) {
          expect(error).toBeInstanceOf(StepTooLongError);
          return;
        }
        const further = furthestProgress(round);
        const progress: RunProgress = {
          ...further,
          tries: { ...further.tries, ...Object.fromEntries(STEP_IDS.map((id) => [id, tries])) },
          rowBytes: sized,
          firstRowBytes: sized,
        };
        expect(most(planSweep(facts, progress, beside))).toBeLessThanOrEqual(STEP_CHARACTERS);
      }),
    );
  });
});
