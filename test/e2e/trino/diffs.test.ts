/** The deployed Hive script on Hive, the deployed Athena statements on Trino, and DuckDB's: one SELECT, one answer. */
import { mkdtempSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RECEIVER } from '../../../cli/demo/profiles.ts';
import { type DiffCounts, diffCounts } from '../../../emr-steps/records/diff-counts.ts';
import type { RunDirectory } from '../../../emr-steps/run-directory/run-directory.ts';
import { type ClosableTransport, undiciTransport } from '../../../emr-steps/s3/undici-transport.ts';
import { hadoopCluster } from '../../../infra/hadoop/hadoop-cluster.ts';
import { hadoopRunHome } from '../../../infra/hadoop/run-home.ts';
import { athenaQueries, countsOfCells } from '../../../workflows/diff/athena-queries.ts';
import { duckdbStatements } from '../../../workflows/diff/duckdb-diff.ts';
import { hiveScriptFile } from '../../../workflows/diff/hive-diff.ts';
import { hiveInstallation } from '../hive/installation.ts';
import { type DemoBuckets, emptyBuckets, WORK_BUCKET, WORK_REGION } from '../run/demo-buckets.ts';
import { linesOf } from '../run/ledgers.ts';
import { ROOT } from '../run/root.ts';
import { trinoEngine } from './athena-on-trino.ts';
import { startTrino, type Trino } from './daemon.ts';
import { type Listings, oddListings } from './listings.ts';

interface Answer {
  readonly counts: DiffCounts;
  readonly toCopy: readonly string[];
  readonly extra: readonly string[];
}

let work = '';
let buckets: DemoBuckets;
let trino: Trino;
let hive = '';
let transport: ClosableTransport;
beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'carillon-diffs-'));
  transport = undiciTransport({ connections: 8 });
  buckets = await emptyBuckets();
  const { accessKeyId, secretAccessKey } = RECEIVER;
  trino = await startTrino(join(work, 'trino'), { endpointUrl: buckets.workUrl, accessKeyId, secretAccessKey });
  hive = join(hiveInstallation(work, buckets.workUrl, WORK_REGION), 'bin', 'hive');
}, 400_000);
afterAll(async () => {
  await trino?.stop();
  await transport?.close();
  await buckets?.close();
  await rm(work, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
}, 60_000);

const big = oddListings(100_000);
const CASES: readonly (readonly [string, Listings])[] = [
  ['100,000 rows with odd keys, nulls and duplicates', big],
  ['an empty source', { source: [], destination: big.destination.slice(0, 400) }],
  ['an empty destination', { source: big.source.slice(0, 400), destination: [] }],
  ['nothing at all', { source: [], destination: [] }],
];

describe('Hive, Trino and DuckDB', { timeout: 300_000 }, () => {
  it.each(CASES)('agree on %s', async (_title, listings) => {
    const id = `case-${CASES.findIndex(([, one]) => one === listings)}`;
    const configuration = { folder: '/nonexistent', get: () => null };
    const directory = hadoopRunHome({ base: `s3://${WORK_BUCKET}/diffs`, configuration, env: buckets.env, transport }).directoryOf(id);
    for (const side of ['source', 'destination'] as const) await directory.write(`${side}/part-00000`, listings[side].map((row) => `${row}\n`).join(''));
    const [duckdb, onHive, athena] = [await byDuckdb(id, listings), await byHive(id, directory), await byTrino(id, directory)];
    expect(onHive).toEqual(duckdb);
    expect(athena).toEqual(duckdb);
    if (listings === big) {
      expect(duckdb.toCopy.length).toBeGreaterThan(40_000);
      expect(Object.values(duckdb.counts).every((tally) => (typeof tally === 'number' ? tally : tally.objects) > 0)).toBe(true);
    }
  });
});

const sorted = (lines: readonly string[]): readonly string[] => lines.filter((line) => line !== '').toSorted();

async function byDuckdb(id: string, listings: Listings): Promise<Answer> {
  const folder = join(work, id);
  await mkdir(folder, { recursive: true });
  const file = (name: string): string => join(folder, name);
  for (const side of ['source', 'destination'] as const) await writeFile(file(side), listings[side].map((row) => `${row}\n`).join(''));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const output = { toCopy: file('to-copy'), extra: file('extra'), counts: file('counts') };
  for (const statement of duckdbStatements({ source: [file('source')], destination: [file('destination')], ...output, compare: 'etag' }))
    await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
  const read = async (name: string): Promise<readonly string[]> => (await readFile(file(name), 'utf8')).split('\n');
  return {
    counts: diffCounts.decode((await read('counts'))[0] as string),
    toCopy: sorted(await read('to-copy')),
    extra: sorted(await read('extra')),
  };
}

/** As the state machine's step has it; only the variables differ. */
async function byHive(id: string, { base, ...directory }: RunDirectory): Promise<Answer> {
  const commands = { hadoop: 'hadoop', streamingJar: 'hadoop-streaming.jar', yarn: null, hive };
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...buckets.env };
  const cluster = hadoopCluster({ configuration: { folder: '/nonexistent', get: () => null }, commands, env, workDirectory: work });
  const script = join(ROOT, 'build', 'diff', hiveScriptFile({ extras: true, compare: 'etag' }));
  const variables = { SOURCE: `${base}/source`, DESTINATION: `${base}/destination`, OUTPUT: `${base}/hive`, RUN: id.replace('-', '_') };
  const definitions = Object.entries(variables).flatMap(([name, value]) => ['-d', `${name}=${value}`]);
  const args = ['hive-script', '--run-hive-script', '--args', '-f', script, ...definitions];
  expect(await cluster.run({ name: 'diff.t1', args }, new AbortController().signal)).toEqual({ status: 'completed' });
  const rows = (folder: string) => linesOf({ base, ...directory }, `hive/${folder}`);
  return { counts: diffCounts.decode((await rows('counts'))[0] as string), toCopy: sorted(await rows('to-copy')), extra: sorted(await rows('extra')) };
}

/** In the order of the state machine: an UNLOAD without rows is left out. */
async function byTrino(id: string, directory: RunDirectory): Promise<Answer> {
  const { base } = directory;
  const places = { source: `${base}/source`, destination: `${base}/destination`, output: `${base}/athena` };
  const { place, run: runStatement } = trinoEngine(trino.url);
  const queries = athenaQueries({ runId: id, number: 1, ...places, extras: true, compare: 'etag' }, place);
  const run = ({ statement }: { readonly statement: string }) => runStatement(statement, new AbortController().signal);
  for (const query of [...queries.dropTables, ...queries.createTables]) await run(query);
  const counts = countsOfCells(await run(queries.counts));
  if (counts.missing.objects + counts.different.objects > 0) await run(queries.toCopy);
  if (counts.extra.objects > 0) await run(queries.extra);
  for (const query of queries.dropTables) await run(query);
  return { counts, toCopy: sorted(await linesOf(directory, 'athena/to-copy')), extra: sorted(await linesOf(directory, 'athena/extra')) };
}
