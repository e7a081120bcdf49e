/**
 * `node bench/rates/rates.ts`: several mappers copy against a store that throttles a prefix as S3 does, while the prefix slumps, recovers and is split;
 * how they find the rate, share it, and leave it. Writes build/bench/rates.json, with --publish also docs/benchmarks.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { machineLine, thisMachine } from '../machine.ts';
import { DOCS_FOLDER, publish } from '../publish.ts';
import { bySecond, judgePhase, type RatePhase, type TimedPhase } from './judge-rates.ts';
import { publishRates, type RatesReport } from './rates-section.ts';
import type { RateSample, RatesOrder } from './rates-store.ts';
import { taskFeed } from './task-feed.ts';

const HELP = `node bench/rates/rates.ts [options]
  --limit N      writes a second that the prefix takes at first (3500, as S3)
  --mappers N    mappers that copy at once (4)
  --seconds N    of each of the four phases (40)
  --latency MS   before every answer (20)
  --publish      write docs/benchmarks.md and its plot
`;

const { values } = parseArgs({
  options: {
    limit: { type: 'string', default: '3500' },
    mappers: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '40' },
    latency: { type: 'string', default: '20' },
    publish: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const ROOT = join(import.meta.dirname, '..', '..');
const DIRECTORY = join(ROOT, 'build', 'bench');
const ACCOUNT_ID = '111122223333';
const REGION = 'us-east-1';
const SOURCE = 'flat:2000000000,size=1-4096,prefix=data/,name=source';

function phases(limit: number, seconds: number): readonly RatePhase[] {
  return [
    { name: 'from nothing to the limit', limit, seconds },
    { name: 'slump to a third', limit: Math.round(limit / 3), seconds },
    { name: 'recovery', limit, seconds },
    { name: 'the prefix is split', limit: limit * 2, seconds },
  ];
}

function keysOf(mappers: number): RatesOrder['keys'] {
  return Array.from({ length: mappers }, (_, at) => ({
    accessKeyId: `AKIARATES${String(at).padStart(11, '0')}`,
    secretAccessKey: 'rates-secret',
    arn: `arn:aws:iam::${ACCOUNT_ID}:user/mapper-${at + 1}`,
  }));
}

/** The store, with its two ways to speak. */
async function startStoreProcess(order: RatesOrder) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'rates-store.ts'), JSON.stringify(order)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout as Readable })[Symbol.asyncIterator]();
  const endpoint = (await lines.next()).value as string;
  return {
    endpoint,
    limit: (writes: number) => child.stdin?.write(`${writes}\n`),
    async samples(): Promise<readonly RateSample[]> {
      child.stdin?.write('samples\n');
      return JSON.parse((await lines.next()).value as string) as readonly RateSample[];
    },
    stop: () => stopped(child),
  };
}

async function stopped(child: ChildProcess): Promise<void> {
  const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve();
  child.kill('SIGKILL');
  await ended;
}

function startMapper(endpoint: string, { accessKeyId, secretAccessKey }: RatesOrder['keys'][number], share: number, home: string): ChildProcess {
  const side = (name: string, bucket: string) => [`--${name}-bucket`, bucket, `--${name}-region`, REGION, `--${name}-endpoint-url`, endpoint];
  const words = [join(ROOT, 'build', 'steps', 'copy-objects.js'), ...side('source', 'source'), ...side('destination', 'sink'), '--mode', 'server-side'];
  const env = { PATH: process.env.PATH ?? '', HOME: home, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  const child = spawn(process.execPath, words, { env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin?.on('error', () => {});
  Readable.from(taskFeed(SOURCE, share)).pipe(child.stdin as NodeJS.WritableStream);
  return child;
}

/** Objects that a mapper gave up, told by its rows. */
function countFailures(child: ChildProcess): () => number {
  let failures = 0;
  createInterface({ input: child.stdout as Readable }).on('line', (line) => {
    if (line.includes('\tfailed\t')) failures += 1;
  });
  return () => failures;
}

async function runPhases(all: readonly RatePhase[], limit: (writes: number) => unknown): Promise<readonly TimedPhase[]> {
  const timed: TimedPhase[] = [];
  for (const phase of all) {
    limit(phase.limit);
    timed.push({ ...phase, began: Date.now() });
    await delay(phase.seconds * 1000);
  }
  return timed;
}

async function run(): Promise<RatesReport> {
  const [mappers, machine] = [Number(values.mappers), thisMachine()];
  const keys = keysOf(mappers);
  const virtual = [SOURCE, SOURCE.replace('flat:', 'sink:flat:').replace('name=source', 'name=sink')];
  const home = await mkdtemp(join(DIRECTORY, 'rates-'));
  const store = await startStoreProcess({ virtual, accountId: ACCOUNT_ID, keys, latencyMilliseconds: Number(values.latency), region: REGION });
  store.limit(Number(values.limit));
  const children = keys.map((key, at) => startMapper(store.endpoint, key, at / mappers, home));
  const failures = children.map(countFailures);
  try {
    const timed = await runPhases(phases(Number(values.limit), Number(values.seconds)), store.limit);
    const samples = await store.samples();
    const [first, last] = [timed[0] as TimedPhase, timed.at(-1) as TimedPhase];
    const clients = keys.map(({ arn }) => arn);
    return {
      version: 1,
      machine,
      command: `node bench/rates/rates.ts --limit ${values.limit} --mappers ${mappers} --seconds ${values.seconds} --latency ${values.latency}`,
      phases: timed.map((phase) => judgePhase(samples, phase, clients)),
      seconds: timed.flatMap(({ limit, began, seconds }) => bySecond(samples, began, seconds).map((second) => ({ ...second, limit }))),
      givenUp: failures.reduce((sum, count) => sum + count(), 0),
      copied: samples
        .filter(({ at }) => at >= first.began && at < last.began + last.seconds * 1000)
        .reduce((sum, { taken }) => sum + Object.values(taken).reduce((a, b) => a + b, 0), 0),
    };
  } finally {
    await Promise.all(children.map(stopped));
    await store.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  await mkdir(DIRECTORY, { recursive: true });
  console.log(machineLine(thisMachine()));
  const report = await run();
  console.log(JSON.stringify({ phases: report.phases, givenUp: report.givenUp, copied: report.copied }, null, 2));
  await writeFile(join(DIRECTORY, 'rates.json'), `${JSON.stringify(report)}\n`);
  if (!values.publish) return;
  await publishRates(report, join(DOCS_FOLDER, 'benchmarks'));
  await publish(null, DOCS_FOLDER);
}

await main();
