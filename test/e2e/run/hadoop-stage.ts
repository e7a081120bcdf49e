/** Hadoop with two nodes, and Hive, before a store: what `carillon run --cluster hadoop` finds on a machine that is a client of a cluster. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunDirectory } from '../../../emr-steps/run-directory/run-directory.ts';
import { type ClosableTransport, undiciTransport } from '../../../emr-steps/s3/undici-transport.ts';
import { type ClientConfiguration, readClientConfiguration } from '../../../infra/hadoop/client-configuration.ts';
import { type HadoopCommands, hadoopCommands } from '../../../infra/hadoop/commands.ts';
import { type HadoopPlace, hadoopPlace } from '../../../infra/hadoop/hadoop-place.ts';
import { type LocalEnd, type LocalOrder, runRequest } from '../../../infra/local/engine/run-request.ts';
import { bucketReach } from '../../../lambdas/prepare-run/bucket-reach.ts';
import type { RunEvent } from '../../../workflows/events/run-event.ts';
import { CONTAINER_ENVIRONMENT, type HadoopDaemons, startHadoop } from '../hadoop/daemons.ts';
import { hadoopInstallation } from '../hadoop/installation.ts';
import { hiveInstallation } from '../hive/installation.ts';
import { type DemoBuckets, demoBuckets, WORK_BUCKET, WORK_REGION } from './demo-buckets.ts';
import { ROOT } from './root.ts';

/** A run that has ended, and what was told of it. */
export interface StageRun extends LocalEnd {
  readonly directory: RunDirectory;
  readonly events: readonly RunEvent[];
}

/** What a test may change about a run. */
export type RunChoices = Partial<Pick<LocalOrder, 'athena'>>;

/** Everything at hand. */
export interface HadoopStage {
  readonly buckets: DemoBuckets;
  readonly hadoop: HadoopDaemons;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly configuration: ClientConfiguration;
  readonly commands: HadoopCommands;
  readonly place: HadoopPlace;
  readonly transport: ClosableTransport;
  /** A folder of the stage's own. */
  readonly work: string;
  /** Runs a request on Hadoop; its directory is in the work bucket. */
  run(request: object, more?: RunChoices): Promise<StageRun>;
  close(): Promise<void>;
}

/** S3A as a cluster's administrator sets it up; the keys come by each process's environment, as an instance's role would. */
function s3aOf({ workUrl, env }: DemoBuckets): Readonly<Record<string, string>> {
  const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_EC2_METADATA_DISABLED'];
  return {
    'fs.s3a.endpoint': workUrl,
    'fs.s3a.endpoint.region': WORK_REGION,
    'fs.s3a.path.style.access': 'true',
    'fs.s3a.connection.ssl.enabled': 'false',
    'fs.s3a.aws.credentials.provider': 'software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider',
    'yarn.nodemanager.admin-env': [...names.map((name) => `${name}=${env[name]}`), CONTAINER_ENVIRONMENT].join(','),
  };
}

/** Starts it all. */
export async function hadoopStage(): Promise<HadoopStage> {
  const work = mkdtempSync(join(tmpdir(), 'carillon-stage-'));
  const buckets = await demoBuckets();
  const hadoop = await startHadoop(join(work, 'hadoop'), 2, s3aOf(buckets));
  const transport = undiciTransport({ connections: 8 });
  const end = new AbortController();
  const runs = new Set<Promise<unknown>>();
  const close = async () => {
    // A test that failed leaves its run behind: its clients end with it.
    end.abort();
    await Promise.allSettled(runs);
    await hadoop.stop();
    await transport.close();
    await buckets.close();
    await rm(work, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
  };
  try {
    const { PATH, HOME, JAVA_HOME } = process.env;
    const homes = { HADOOP_HOME: hadoopInstallation(work), HIVE_HOME: hiveInstallation(work, buckets.workUrl, WORK_REGION) };
    const env = { PATH, HOME, JAVA_HOME, ...homes, ...buckets.env, HADOOP_CONF_DIR: hadoop.configuration };
    const [configuration, commands] = await Promise.all([readClientConfiguration(hadoop.configuration, env), hadoopCommands(env)]);
    const place = await hadoopPlace({ env, root: ROOT, base: `s3://${WORK_BUCKET}/runs`, transport });
    const stage = { buckets, hadoop, env, configuration, commands, place, transport, work, close };
    return {
      ...stage,
      run: (request, more) => {
        const running = runOn(stage, request, { signal: end.signal, ...more });
        runs.add(running);
        return running;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function runOn(stage: Omit<HadoopStage, 'run'>, request: object, more: RunChoices & Pick<LocalOrder, 'signal'>): Promise<StageRun> {
  const { env, transport, work, place } = stage;
  const events: RunEvent[] = [];
  const end = await runRequest({
    request,
    root: ROOT,
    partFile: null,
    runs: join(work, 'runs'),
    locks: join(work, 'locks'),
    ...place,
    buckets: bucketReach({ env, transport }),
    emit: tell,
    ...more,
  });
  function tell(event: RunEvent): void {
    events.push(event);
    if (process.env.CARILLON_E2E_SHOW !== undefined) process.stderr.write(`${JSON.stringify(event).slice(0, 600)}\n`);
  }
  return { ...end, events, directory: place.home.directoryOf(end.runId) };
}
