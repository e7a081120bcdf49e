/**
 * Lists a virtual bucket through the local cluster, by the list step as the plan of a run has it, with compressed output: a process of its own, so that it
 * can be measured. Its order is JSON in the first argument; what it has to say is JSON on standard output.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { machineFacts } from '../../cli/preflight/machine-facts.ts';
import { PARTITIONS_FILE } from '../../emr-steps/run-directory/layout.ts';
import { localCluster } from '../../infra/local/cluster/local-cluster.ts';
import { planRun } from '../../workflows/plan/run-plan.ts';
import { firstProgress } from '../../workflows/plan/run-progress.ts';
import { parseRequest } from '../../workflows/request/parse-request.ts';
import { treeMemory } from '../process-tree.ts';
import { sampledPartitions } from './sampled-partitions.ts';

/** What is listed, and where to. */
export interface ListOrder {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** The run's directory; `source/try-1` comes to lie in it. */
  readonly folder: string;
  readonly compress: boolean;
  /** Mappers that run at once. */
  readonly tasks: number;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What it says. */
export interface ListReport {
  /** Folder of the listing. */
  readonly output: string;
  readonly mappers: number;
  /** Highest resident memory of one mapper, bytes. */
  readonly mapperMemory: number;
  readonly partitionSeconds: number;
  /** Requests that found the partitions. */
  readonly partitionRequests: number;
}

const ROOT = join(import.meta.dirname, '..', '..');
const SAMPLE_MILLISECONDS = 200;
/** A gigabyte of 110 bytes a line is ten million lines; more tasks even out their ends. */
const PARTITIONS_PER_TASK = 4;

/** The job's own settings. Zstandard: what gzip takes, at its best speed, is more than the listing. */
const COMPRESSION = {
  'mapreduce.output.fileoutputformat.compress': 'true',
  'mapreduce.output.fileoutputformat.compress.codec': 'org.apache.hadoop.io.compress.ZStandardCodec',
  'io.compression.codec.zstd.level': '1',
} as const;

function stepOf({ endpoint, region, bucket, folder, compress, tasks }: ListOrder, partitions: number) {
  const side = { bucket, region, endpointUrl: endpoint };
  const request = parseRequest({ source: side, destination: { ...side, bucket: `${bucket}-copy` } });
  const cluster = { ...machineFacts(ROOT), slots: tasks, waves: PARTITIONS_PER_TASK };
  const { steps } = planRun({ request, runId: 'bench-scale', runDirectory: folder, partitions, cluster }, firstProgress());
  const { name, args, output } = steps.listSource;
  const settings = compress ? Object.entries(COMPRESSION).flatMap(([property, value]) => ['-D', `${property}=${value}`]) : [];
  return { name, args: [args[0] as string, ...settings, ...args.slice(1)], output: join(folder, output) };
}

/** The highest memory that any process below this one has had; asked again and again. */
function watchMappers(): { readonly most: () => number; readonly stop: () => void } {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, treeMemory(process.pid, false).largest);
  }, SAMPLE_MILLISECONDS);
  return { most: () => most, stop: () => clearInterval(timer) };
}

async function run(order: ListOrder): Promise<ListReport> {
  const began = performance.now();
  const partitions = await sampledPartitions(order, order.bucket, order.tasks * PARTITIONS_PER_TASK, order.tasks);
  const partitionSeconds = (performance.now() - began) / 1000;
  await mkdir(dirname(join(order.folder, PARTITIONS_FILE)), { recursive: true });
  await writeFile(join(order.folder, PARTITIONS_FILE), partitions.lines);
  const { accessKeyId, secretAccessKey } = order.credentials;
  const environment = { PATH: process.env.PATH ?? '', HOME: order.folder, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  const cluster = localCluster({ concurrentTasks: order.tasks, workDirectory: join(order.folder, '_work'), environment, progressMilliseconds: 10_000 });
  const { output, ...step } = stepOf(order, partitions.count);
  const mappers = watchMappers();
  const outcome = await cluster.run(step, new AbortController().signal).finally(() => mappers.stop());
  await cluster.close();
  if (outcome.status !== 'completed') throw new Error(outcome.status === 'failed' ? `${outcome.cause}\n${outcome.log}` : outcome.status);
  return { output, mappers: partitions.count, mapperMemory: mappers.most(), partitionSeconds, partitionRequests: partitions.requests };
}

console.log(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '{}') as ListOrder)));
