/**
 * The demo: one bucket becomes another on this machine, inside the store and through the node, then only what changed. Everything is done by
 * the real command as a child process; what it says is checked against what the store holds.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../../infra/local/s3-store/store.ts';
import { EXIT, type Host } from '../host.ts';
import { campanileChanges } from './campanile-set.ts';
import { Checks } from './checks.ts';
import { compareBuckets } from './compare-buckets.ts';
import type { DemoObject } from './demo-object.ts';
import { demoSet } from './demo-set.ts';
import { BUCKETS, fillSource, startDemoStore } from './demo-store.ts';
import { archivedSet } from './feature-set.ts';
import { RECEIVER, SENDER, writeProfiles } from './profiles.ts';
import { COMMAND, type CommandPlace, type FinishedRun, runCarillon } from './run-carillon.ts';

const MIB = 1_048_576;

/** Options of the two ways of copying: the receiver reads the source by its policy, or each side has credentials of its own. */
const SERVER_SIDE = ['--profile', RECEIVER.name, '--mode', 'server-side'];
const STREAMING = ['--source-profile', SENDER.name, '--destination-profile', RECEIVER.name, '--mode', 'streaming'];

/** What the demo gets of its process. */
export type DemoHost = Pick<Host, 'env' | 'stdout' | 'root'>;

/** Everything that the parts of the demo need. */
interface Stage {
  readonly host: DemoHost;
  readonly store: Store;
  readonly place: CommandPlace;
  readonly checks: Checks;
}

function heading({ stdout }: DemoHost, text: string): void {
  stdout.write(`\n== ${text}\n`);
}

async function copy({ host, store, place }: Stage, destination: string, options: readonly string[]): Promise<FinishedRun> {
  const words = ['copy', `s3://${BUCKETS.source}`, `s3://${destination}`, '--endpoint-url', store.url, ...options];
  host.stdout.write(`$ ${COMMAND} ${words.join(' ')}\n`);
  return runCarillon(place, words);
}

function keysOf(objects: readonly DemoObject[]): readonly string[] {
  return objects.map(({ key }) => key);
}

/** What holds after every run. */
function checkRun({ checks, store }: Stage, run: FinishedRun, destination: string, expected: readonly DemoObject[]): void {
  const archived = keysOf(archivedSet());
  const { books } = run.summary;
  checks.equal('the command succeeded and its books balance', [run.exitCode, run.summary.status, books?.balanced], [EXIT.well, 'succeeded', true]);
  const skipped = run.ledger.filter(({ outcome, reason }) => outcome === 'skipped' && reason === 'archived').map(({ key }) => key);
  checks.sameKeys(`the ledger lists the ${archived.length} archived objects as skipped`, skipped, archived);
  const found = compareBuckets(store, BUCKETS.source, destination);
  const wanted = keysOf(expected).filter((key) => !archived.includes(key));
  checks.sameKeys(`${wanted.length} objects of ${destination} have the ETag, size and class of the source`, found.same, wanted);
  checks.sameKeys('nothing else is different, missing or extra', [...found.different, ...found.missing, ...found.extra], archived);
}

function copiedKeys({ ledger }: FinishedRun): readonly string[] {
  return ledger.filter(({ outcome }) => outcome === 'copied').map(({ key }) => key);
}

async function fillStage({ host, store }: Stage, objects: readonly DemoObject[]): Promise<void> {
  const began = Date.now();
  await fillSource(store, objects);
  const bytes = objects.reduce((sum, { size }) => sum + size, 0);
  host.stdout.write(`   ${objects.length} objects, ${(bytes / MIB).toFixed(0)} MiB, in ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
}

async function tell(stage: Stage): Promise<void> {
  const { host, store, checks } = stage;
  const first = demoSet();
  heading(host, `a store at ${store.url}; account ${SENDER.id} fills s3://${BUCKETS.source}`);
  await fillStage(stage, first);
  heading(host, `account ${RECEIVER.id} copies it inside the store`);
  checkRun(stage, await copy(stage, BUCKETS.serverSide, SERVER_SIDE), BUCKETS.serverSide, first);
  heading(host, 'and streams it through this machine, each side with its own credentials');
  checkRun(stage, await copy(stage, BUCKETS.streamed, STREAMING), BUCKETS.streamed, first);
  const changes = campanileChanges();
  heading(host, `the source changes: ${keysOf(changes).join(' and ')}; a run with --diff copies these alone`);
  await fillStage(stage, changes);
  const second = [...first.filter(({ key }) => !keysOf(changes).includes(key)), ...changes];
  const run = await copy(stage, BUCKETS.serverSide, [...SERVER_SIDE, '--diff']);
  checks.sameKeys(`exactly ${keysOf(changes).join(' and ')} were transferred`, copiedKeys(run), keysOf(changes));
  checkRun(stage, run, BUCKETS.serverSide, second);
}

/** Runs the demo. @returns the exit code: 0 when everything that it claims holds */
export async function runDemo(host: DemoHost): Promise<number> {
  const began = Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'carillon-demo-'));
  const store = await startDemoStore();
  try {
    const runs = join(folder, 'runs');
    await mkdir(runs);
    const env = { ...host.env, ...(await writeProfiles(folder, [SENDER, RECEIVER])), AWS_PROFILE: undefined, AWS_ACCESS_KEY_ID: undefined };
    const checks = new Checks(host.stdout);
    await tell({ host, store, checks, place: { root: host.root, env, runs, show: true } });
    const seconds = ((Date.now() - began) / 1000).toFixed(0);
    host.stdout.write(`\n${checks.failed === 0 ? `all of it holds, after ${seconds} s` : `${checks.failed} claims do not hold`}\n`);
    return checks.failed === 0 ? EXIT.well : EXIT.failed;
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}
