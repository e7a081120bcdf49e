import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROGRAM_OPTIONS, type ProgramName } from '../../../../emr-steps/records/program-options.ts';
import { decodeOptions } from '../../../../emr-steps/records/step-arguments.ts';
import type { RunFacts } from '../../../../workflows/plan/run-facts.ts';
import { type PlannedStep, planRun, type RunPlan } from '../../../../workflows/plan/run-plan.ts';
import { beside, firstProgress, nextRound, nextTry, type RunProgress, STEP_IDS, sized } from '../../../../workflows/plan/run-progress.ts';
import { STEP_CHARACTERS } from '../../../../workflows/plan/step-limits.ts';
import { localCluster, runFacts } from '../../../helpers/run-facts.ts';

function valuesOf(step: PlannedStep, flag: string): readonly string[] {
  return step.args.flatMap((arg, at) => (step.args[at - 1] === flag ? [arg] : []));
}

function property(step: PlannedStep, name: string): string | undefined {
  return valuesOf(step, '-D')
    .find((one) => one.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

/** The options that a program of ours would read from a step's `-mapper` or `-reducer`. */
function optionsOf(step: PlannedStep, flag: '-mapper' | '-reducer'): Readonly<Record<string, unknown>> {
  const [run, bundle, ...words] = (valuesOf(step, flag)[0] ?? '').split(' ');
  expect(run).toBe('node/run.sh');
  return decodeOptions(PROGRAM_OPTIONS[bundle?.replace('.js', '') as ProgramName], words);
}

function streamingSteps({ steps }: RunPlan): readonly PlannedStep[] {
  return STEP_IDS.filter((id) => id !== 'diff')
    .map((id) => steps[id])
    .filter((step) => step !== null);
}

const diffed = runFacts({ diff: { engine: 'hive' } });

describe('the plan of a run', () => {
  it('chains the steps: each reads what the one before it writes', () => {
    const { steps, runDirectory } = planRun(runFacts(), firstProgress());
    const input = (step: PlannedStep) => valuesOf(step, '-input').map((path) => path.replace(`${runDirectory}/`, ''));
    expect(input(steps.listSource)).toEqual(['partitions/part.tsv']);
    expect(input(steps.planParts)).toEqual([steps.listSource.output]);
    expect(input(steps.copyObjects)).toEqual([steps.planParts.output]);
    expect(input(steps.completeUploads)).toEqual([steps.copyObjects.output]);
    expect(input(steps.reconcile)).toEqual([steps.listSource.output, steps.completeUploads.output]);
    expect(optionsOf(steps.reconcile, '-mapper')).toMatchObject({
      role: 'mapper',
      'to-copy': `${runDirectory}/source/try-1`,
      ledger: `${runDirectory}/rounds/1/ledger/try-1`,
    });
  });

  it('names every output after its step, round and try, so that no two tries share one', () => {
    const progress = nextTry(nextTry(firstProgress(), 'copyObjects'), 'listSource');
    const { steps } = planRun(runFacts(), progress);
    expect(steps.copyObjects).toMatchObject({
      name: 'copy-objects.r1.t2',
      output: 'rounds/1/results/try-2',
      statistics: '_stats/copy-objects.r1/try-2',
      try: 2,
    });
    expect(steps.listSource).toMatchObject({ name: 'list-source.t2', output: 'source/try-2' });
    expect(valuesOf(steps.completeUploads, '-input')).toEqual(['/var/runs/1/rounds/1/results/try-2']);
    expect(optionsOf(steps.copyObjects, '-mapper')).toMatchObject({ round: 1, try: 2 });
  });

  it('copies what the diff found where there is a diff, and leaves its steps out where there is none', () => {
    const { steps } = planRun(diffed, firstProgress());
    expect(valuesOf(steps.planParts, '-input')).toEqual(['/var/runs/1/diff/try-1/to-copy']);
    expect(steps.diff?.args).toEqual([
      ...['hive-script', '--run-hive-script', '--args', '-f', '/opt/carillon/build/diff/diff-etag.hql'],
      ...['-d', 'SOURCE=/var/runs/1/source/try-1', '-d', 'DESTINATION=/var/runs/1/destination/try-1', '-d', 'OUTPUT=/var/runs/1/diff/try-1'],
      ...['-d', 'RUN=20260102_030405_0123456789_1', '-d', 'EXTRAS=false', '-d', 'COMPARE=etag'],
    ]);
    expect(planRun(runFacts(), firstProgress()).steps).toMatchObject({ listDestination: null, diff: null });
    expect(planRun(runFacts({ goal: 'verify', diff: { engine: 'hive' } }), firstProgress()).steps).toMatchObject({ listDestination: null, diff: null });
  });

  it('reads in a further round what the round before left, asks for every part and halves the concurrency', () => {
    const progress = nextRound(nextTry(firstProgress(), 'reconcileUnsettled'), 3);
    const { steps } = planRun(runFacts({ work: { concurrency: 10 } }), progress);
    expect(valuesOf(steps.planParts, '-input')).toEqual(['/var/runs/1/rounds/1/unsettled/try-2']);
    expect(valuesOf(steps.reconcile, '-input')[0]).toBe('/var/runs/1/rounds/1/unsettled/try-2');
    expect(optionsOf(steps.planParts, '-mapper')).toMatchObject({ 'part-map': 'swept', round: 2, try: 1, concurrency: 5 });
    expect(steps.reconcileUnsettled.output).toBe('rounds/2/unsettled/try-1');
  });

  it('verifies what the run listed against the destination listed again and the ledgers of every round', () => {
    const progress = nextTry(nextRound(nextTry(firstProgress(), 'completeUploads'), 3), 'listVerification');
    const { steps, runDirectory } = planRun(runFacts({ verify: true }), progress);
    const places = ['source/try-1', 'verify/destination/try-2', 'rounds/1/ledger/try-2', 'rounds/2/ledger/try-1'].map((place) => `${runDirectory}/${place}`);
    for (const step of [steps.verifyCounts, steps.verify]) expect(step === null ? null : valuesOf(step, '-input')).toEqual(places);
    expect(optionsOf(steps.verify as PlannedStep, '-mapper')).toMatchObject({ source: places[0], destination: places[1], ledger: `${places[2]},${places[3]}` });
    expect(optionsOf(steps.verify as PlannedStep, '-reducer')).toMatchObject({ emit: 'differences', compare: 'etag', extras: false });
    expect(optionsOf(steps.verifyCounts as PlannedStep, '-reducer')).toMatchObject({ emit: 'verdicts' });
    expect(steps.verify).toMatchObject({ name: 'verify.t1', output: 'verify/differences/try-1' });
    expect(planRun(runFacts(), firstProgress()).steps).toMatchObject({ listVerification: null, verifyCounts: null, verify: null });
    expect(planRun(runFacts({ verify: true, dryRun: true }), firstProgress()).steps).toMatchObject({ listVerification: null, verify: null });
  });

  it('verifies an earlier run by its listing and its ledgers, and two places without a ledger', () => {
    const inputs = (facts: RunFacts) => valuesOf(planRun(facts, firstProgress()).steps.verify as PlannedStep, '-input');
    const verified = { source: '/var/runs/0/source/try-1', ledgers: ['/var/runs/0/rounds/1/ledger/try-1'] };
    expect(inputs(runFacts({ goal: 'verify' }, { verified }))).toEqual([verified.source, '/var/runs/1/verify/destination/try-1', ...verified.ledgers]);
    expect(inputs(runFacts({ goal: 'verify' }))).toEqual(['/var/runs/1/source/try-1', '/var/runs/1/verify/destination/try-1']);
  });

  it('sweeps by the rows of the first round, whichever round the run is in, and says who writes beside it', () => {
    const late = nextRound(firstProgress(), 3);
    const { steps } = planRun(runFacts(), late);
    expect(valuesOf(steps.sweepUploads, '-input')).toEqual(['/var/runs/1/source/try-1']);
    expect(optionsOf(steps.sweepUploads, '-mapper')).toMatchObject({ bucket: 'b', 'run-directory': undefined, 'other-runs': undefined });
    const beside2 = planRun(runFacts(), beside(late, { open: ['/var/runs/2', '/var/runs/3'], underWay: true })).steps.sweepUploads;
    expect(optionsOf(beside2, '-mapper')).toMatchObject({ 'run-directory': '/var/runs/1', 'other-runs': '/var/runs/2,/var/runs/3' });
    expect(valuesOf(planRun(diffed, late).steps.sweepUploads, '-input')).toEqual(['/var/runs/1/diff/try-1/to-copy']);
  });

  it('puts every generic option before the streaming options, since Hadoop refuses a later one', () => {
    for (const { args } of streamingSteps(planRun(diffed, firstProgress()))) {
      const generic = args.flatMap((arg, at) => (['-D', '-files', '-archives'].includes(arg) ? [at] : []));
      const streaming = args.flatMap((arg, at) =>
        ['-inputformat', '-mapper', '-reducer', '-partitioner', '-cmdenv', '-input', '-output'].includes(arg) ? [at] : [],
      );
      expect(Math.max(...generic)).toBeLessThan(Math.min(...streaming));
    }
  });

  it('asks for exact lines: keyonlytext on the map side only where there is no reducer', () => {
    for (const step of streamingSteps(planRun(diffed, firstProgress()))) {
      const mapOnly = property(step, 'mapreduce.job.reduces') === '0';
      expect(valuesOf(step, '-reducer').length).toBe(mapOnly ? 0 : 1);
      expect(property(step, 'stream.map.output')).toBe(mapOnly ? 'keyonlytext' : undefined);
      expect(property(step, 'stream.reduce.output')).toBe(mapOnly ? undefined : 'keyonlytext');
    }
  });

  it('never lets Hadoop speculate, and gives each container room for the JVM and Node', () => {
    for (const step of streamingSteps(planRun(diffed, firstProgress()))) {
      expect([property(step, 'mapreduce.map.speculative'), property(step, 'mapreduce.reduce.speculative')]).toEqual(['false', 'false']);
      const kind = valuesOf(step, '-mapper')[0] === 'cat' ? 'reduce' : 'map';
      const heap = Number(valuesOf(step, '-cmdenv')[0]?.replace('NODE_OPTIONS=--max-old-space-size=', ''));
      const jvm = Number(property(step, `mapreduce.${kind}.java.opts`)?.replace(/^-Xmx(\d+)m$/, '$1'));
      expect(Number(property(step, `mapreduce.${kind}.memory.mb`))).toBeGreaterThanOrEqual(heap + jvm + 512);
    }
  });

  it('splits a partition file into as many tasks as the cluster has places', () => {
    const { steps } = planRun(runFacts({}, { partitions: 259 }), firstProgress());
    expect(property(steps.listSource, 'mapreduce.input.lineinputformat.linespermap')).toBe('65');
    expect(property(steps.listSource, 'stream.map.input.ignoreKey')).toBe('true');
  });

  it.each([
    ['nobody has looked', null, '4', '4'],
    ['the input is small', 1, '1', '1'],
    ['the input is worth two tasks and a byte of copying, and one of reading', 2001, '3', '1'],
    ['the input is worth two tasks of reading and a byte', 20_001, '4', '3'],
    ['the input is huge', 1e12, '4', '4'],
  ])('sizes the steps where %s', (_, rowBytes, maps, reduces) => {
    const progress = rowBytes === null ? firstProgress() : sized(firstProgress(), rowBytes);
    const { steps } = planRun(runFacts(), progress);
    expect(property(steps.copyObjects, 'mapreduce.job.maps')).toBe(maps);
    expect(property(steps.completeUploads, 'mapreduce.job.reduces')).toBe(reduces);
  });

  it('follows the request where it names the number of tasks', () => {
    const { steps } = planRun(runFacts({ work: { mappers: 7, reducers: 2 } }), sized(firstProgress(), 1));
    expect(property(steps.planParts, 'mapreduce.job.maps')).toBe('7');
    expect(property(steps.reconcile, 'mapreduce.job.reduces')).toBe('2');
  });

  it('shares the requests under way among the tasks of a step, and leaves few tasks more each', () => {
    const concurrency = (rowBytes: number, over = {}) =>
      optionsOf(planRun(runFacts({}, over), sized(firstProgress(), rowBytes)).steps.copyObjects, '-mapper').concurrency;
    expect([concurrency(1), concurrency(2001), concurrency(1e12)]).toEqual([256, 85, 64]);
    const large = { cluster: { ...localCluster, slots: 100, waves: 4, requestsAtOnce: 6400 } };
    expect([concurrency(1, large), concurrency(1e12, large)]).toEqual([256, 64]);
  });

  it('sends a profile to the programs of this machine only', () => {
    const request = { source: { bucket: 'a', profile: 'reader' }, destination: { bucket: 'b', profile: 'reader' } };
    expect(optionsOf(planRun(runFacts(request), firstProgress()).steps.copyObjects, '-mapper')).toMatchObject({ 'source-profile': 'reader' });
    const onHadoop = runFacts(request, { cluster: { ...localCluster, kind: 'hadoop' } });
    expect(optionsOf(planRun(onHadoop, firstProgress()).steps.copyObjects, '-mapper')).toMatchObject({ 'source-profile': undefined });
  });

  it('carries every prefix to the programs as it is, whatever its characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ unit: 'binary-ascii', maxLength: 60 }), (sourcePrefix, destinationPrefix) => {
        const { steps } = planRun(
          runFacts({ source: { bucket: 'a', prefix: sourcePrefix }, destination: { bucket: 'b', prefix: destinationPrefix } }),
          firstProgress(),
        );
        expect(optionsOf(steps.copyObjects, '-mapper')).toMatchObject({ 'source-prefix': sourcePrefix, 'destination-prefix': destinationPrefix });
        expect(optionsOf(steps.listSource, '-mapper')).toMatchObject({ prefix: sourcePrefix });
      }),
    );
  });

  it('stays under the limit of EMR with the longest names that are legal, and refuses what would not', () => {
    const side = (bucket: string) => ({
      bucket: bucket.repeat(63),
      prefix: '\n'.repeat(1024),
      endpointUrl: `https://bucket.${bucket.repeat(60)}.vpce.amazonaws.com`,
      expectedOwner: '111122223333',
      role: { arn: `arn:aws:iam::111122223333:role/${bucket.repeat(64)}`, externalId: 'e'.repeat(200), stsRegion: 'ap-southeast-4' },
    });
    const request = { source: side('a'), destination: side('b'), diff: { engine: 'hive' }, verify: true, rounds: 10 } as const;
    const last = Array.from({ length: 9 }).reduce<RunProgress>((progress) => nextRound(progress, 9), firstProgress());
    const { steps } = planRun(runFacts(request, { runDirectory: `s3://${'r'.repeat(63)}/${'d'.repeat(200)}` }), last);
    const lengths = STEP_IDS.map((id) => steps[id]?.args.join('').length ?? 0);
    expect(Math.max(...lengths)).toBeGreaterThan(7000);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(STEP_CHARACTERS);
    expect(() => planRun(runFacts(request, { runDirectory: `s3://b/${'d'.repeat(2000)}` }), firstProgress())).toThrow(
      /step \S+ have \d{5} characters, at most 10240 are allowed/,
    );
  });

  it.each(['/a,b', '/a*b', '/a{b}', "/a'b", '/a\nb'])('refuses the run directory %j, which Hadoop would misread', (runDirectory) => {
    expect(() => planRun(runFacts({}, { runDirectory }), firstProgress())).toThrow(expect.objectContaining({ code: 'RUN_DIRECTORY_NAME_INVALID' }));
  });

  it('is plain data: what is written as plan-<n>.json reads back as the same plan', () => {
    const plan = planRun(diffed, firstProgress());
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });
});
