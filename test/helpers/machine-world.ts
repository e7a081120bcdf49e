/** A world for the machine of one run: its real handlers, an EMR and an Athena that do as scripted, faults where the test wants them. */
import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiffCounts } from '../../emr-steps/records/diff-counts.ts';
import { fileRunDirectory } from '../../emr-steps/run-directory/file-run-directory.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import type { Binding } from '../../infra/local/engine/bindings.ts';
import type { MachineDefinition } from '../../infra/local/engine/definition.ts';
import { type ExecutionEnd, execute } from '../../infra/local/engine/execute.ts';
import { functionNames, invoke, lambdaBinding } from '../../infra/local/engine/lambda-binding.ts';
import { TaskError } from '../../infra/local/engine/task-error.ts';
import { assessDiffHandler } from '../../lambdas/assess-diff/handler.ts';
import { concludeRunHandler } from '../../lambdas/conclude-run/handler.ts';
import { decideRetryHandler } from '../../lambdas/decide-retry/handler.ts';
import { filePairLocks } from '../../lambdas/lock/file-pair-locks.ts';
import { notifyHandler } from '../../lambdas/notify/handler.ts';
import { prepareRunHandler } from '../../lambdas/prepare-run/handler.ts';
import { releaseLockHandler } from '../../lambdas/release-lock/handler.ts';
import { silentInstruments } from '../../lambdas/runtime/instruments.ts';
import { splitPartitionsHandler } from '../../lambdas/split-partitions/handler.ts';
import { stopClusterHandler } from '../../lambdas/stop-cluster/handler.ts';
import { summarizeRunHandler } from '../../lambdas/summarize-run/handler.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import { runIdOf } from '../../workflows/plan/run-id.ts';
import { NO_NEIGHBOURS } from '../../workflows/plan/run-progress.ts';
import type { FormParameters, RunChoices, RunCluster } from '../../workflows/plan/run-state.ts';
import type { RunRequestInput } from '../../workflows/request/run-request.ts';
import { CLUSTER_PARAMETERS } from './machine-samples.ts';
import { localCluster } from './run-facts.ts';
import { type Script, scriptedCluster } from './scripted-cluster.ts';

/** What a Task does in place of, or after, what it is to do. */
export type Fault = { readonly before: Error } | { readonly after: Error } | { readonly stops: true };

/** By the state and by how often it was entered. */
export type Injection = (state: string, call: number) => Fault | null;

/** A run in such a world. */
export interface WorldOrder {
  readonly folder: string;
  readonly definition: MachineDefinition;
  readonly request: Partial<RunRequestInput>;
  readonly script: Script;
  /** What `prepare-run` answers otherwise than it would. */
  readonly choices?: Partial<RunChoices>;
  readonly counts: DiffCounts;
  readonly inject: Injection;
}

/** What became of it, once the rules on ended executions have done their work. */
export interface WorldEnd extends WorldLeft {
  readonly end: ExecutionEnd;
  /** What the machine itself left, before the rules. */
  readonly byMachine: WorldLeft;
  /** How often each Task was called. */
  readonly calls: ReadonlyMap<string, number>;
}

/** What is left of a run. */
export interface WorldLeft {
  readonly output: RunOutput | null;
  /** Titles of what people were told. */
  readonly told: readonly string[];
  readonly locks: readonly string[];
  /** Clusters that were neither terminated nor asked to. */
  readonly clusters: readonly string[];
  /** Names of the steps that ran. */
  readonly ran: readonly string[];
  /** Whether open uploads were swept without a cluster. */
  readonly swept: boolean;
}

const BASE = 's3://work-bucket';
const ATHENA = { workGroup: 'carillon', database: 'carillon', resultLocation: 's3://work-bucket/athena/' };

/** Runs it to its end, and the rules after it. */
export async function runInWorld(order: WorldOrder): Promise<WorldEnd> {
  const { folder, definition, request } = order;
  const name = randomUUID();
  const [arn, startedAt, stop] = [`arn:aws:states:eu-central-1:1:execution:copy-run:${name}`, new Date(), new AbortController()];
  const world = new World(order);
  const handlers = handlersOf(order, world);
  const calls = new Map<string, number>();
  const lambda = lambdaBinding(handlers);
  const bound = { 'lambda:invoke': withChoices(lambda, order.choices ?? {}), ...world.bindings };
  const faulty = (binding: Binding): Binding => faultyBinding(binding, order.inject, calls, stop);
  const end = await execute({
    ...{ definition, arn, name, startedAt, emit: () => {}, signal: stop.signal, waitFactor: 0 },
    input: { source: { bucket: 'a' }, destination: { bucket: 'b' }, ...request },
    bindings: { calls: Object.fromEntries(Object.entries(bound).map(([call, binding]) => [call, faulty(binding)])), functions: functionNames(handlers) },
  });
  const left = async () => await world.left(runIdOf(startedAt, arn), join(folder, 'locks'));
  const byMachine = await left();
  const execution = { executionArn: arn, startedAt: startedAt.toISOString() };
  // The rule on executions that did not succeed, and the one on all that have ended.
  for (let done = end.status === 'SUCCEEDED'; !done; )
    ({ done } = (await invoke('stop-cluster', handlers['stop-cluster'], { ...execution, reason: end.status })) as { done: boolean });
  await handlers.conclude({ ...execution, failure: failureOf(end) }, CONTEXT);
  return { end, calls, byMachine, ...(await left()) };
}

const CONTEXT = {
  ...{ functionName: 'f', functionVersion: '1', invokedFunctionArn: 'arn', memoryLimitInMB: '512', awsRequestId: 'r' },
  getRemainingTimeInMillis: () => 900_000,
};

function failureOf(end: ExecutionEnd) {
  if (end.status === 'SUCCEEDED') return null;
  return end.status === 'ABORTED' ? { Error: 'ABORTED', Cause: '' } : { Error: end.error, Cause: end.cause };
}

/** EMR, Athena, people, and what is kept in S3. */
class World {
  readonly told: string[] = [];
  readonly #alive = new Map<string, string>();
  readonly #cluster: ReturnType<typeof scriptedCluster>;
  readonly #folder: string;
  swept = false;

  constructor({ script, folder }: Pick<WorldOrder, 'script' | 'folder'>) {
    this.#cluster = scriptedCluster(script);
    this.#folder = folder;
  }

  /** A run's directory: `s3://work-bucket/runs/<id>`, kept in the folder. */
  directoryOf(runId: string): RunDirectory {
    const base = `${BASE}/runs/${runId}`;
    return { ...fileRunDirectory(this.#local(base)), base, locate: (path) => `${base}/${path}` };
  }

  get clusters() {
    return {
      find: async (name: string) => [...this.#alive].flatMap(([id, its]) => (its === name ? [id] : [])),
      terminate: async (ids: readonly string[]) => {
        for (const id of ids) this.#alive.delete(id);
      },
      stopSteps: async () => ({ done: true, cancelled: 0 }),
    };
  }

  get bindings(): Readonly<Record<string, Binding>> {
    return {
      'elasticmapreduce:createCluster.sync': async ({ Name }) => {
        const ClusterId = `j-${this.#alive.size + 1}`;
        this.#alive.set(ClusterId, String(Name));
        return { ClusterId, Cluster: { Id: ClusterId } };
      },
      'elasticmapreduce:addStep.sync': async (input, { signal }) => {
        const { ClusterId, Step } = input as {
          readonly ClusterId: string;
          readonly Step: { readonly Name: string; readonly HadoopJarStep: { Args: string[] } };
        };
        if (!this.#alive.has(ClusterId)) throw new TaskError('EMR.InvalidRequestException', `Cluster id '${ClusterId}' is not valid.`);
        const outcome = await this.#cluster.run({ name: Step.Name, args: Step.HadoopJarStep.Args.map((arg) => this.#local(arg)) }, signal);
        if (outcome.status !== 'completed') throw new TaskError('States.TaskFailed', JSON.stringify({ Step: { Name: Step.Name } }));
        return { Step: { Id: 's-1', Name: Step.Name } };
      },
      'elasticmapreduce:terminateCluster.sync': async ({ ClusterId }) => {
        this.#alive.delete(String(ClusterId));
        return { ClusterId, Cluster: { Id: ClusterId } };
      },
      'athena:startQueryExecution.sync': async ({ QueryString }) => {
        const target = /TO '(s3:[^']+)'/.exec(String(QueryString))?.[1];
        if (target !== undefined) await fileRunDirectory(this.#local(target)).write('part-0.gz', 'row\n');
        return { QueryExecution: { QueryExecutionId: 'q-1' } };
      },
    };
  }

  async left(runId: string, locks: string): Promise<WorldLeft> {
    const bytes = await this.directoryOf(runId).read('output.json');
    return {
      output: bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as RunOutput),
      told: [...this.told],
      locks: await readdir(locks).catch(() => []),
      clusters: [...this.#alive.keys()],
      ran: [...this.#cluster.ran],
      swept: this.swept,
    };
  }

  #local(text: string): string {
    return text.replaceAll(BASE, join(this.#folder, 'work'));
  }
}

/** Every handler in its real stack. */
function handlersOf({ folder, counts }: WorldOrder, world: World) {
  const chosen = { createCluster: true, terminateCluster: true, listTogether: true, facts: localCluster };
  const common = {
    home: { directoryOf: (runId: string) => world.directoryOf(runId) },
    locks: filePairLocks(join(folder, 'locks')),
    isRunning: async () => true,
    buckets: { regionOf: async (_: string, side: object) => ({ ...side, region: 'eu-central-1' }) as never, defaultEncryption: async () => null },
    clusterOf: (_: unknown, runId: string) => ({ ...chosen, cluster: { id: '', name: runId, parameters: { ...CLUSTER_PARAMETERS, Name: runId } } }),
    athena: ATHENA,
    neighbours: async () => NO_NEIGHBOURS,
    publishers: [{ name: 'people', publish: async ({ title }: { readonly title: string }) => void world.told.push(title) }],
    athenaCounts: async () => counts,
    secondsOfSteps: async () => ({}),
    clusters: world.clusters,
    stopQueries: async () => {},
    sweep: async () => {
      world.swept = true;
      return { done: true, aborted: 0 };
    },
    emit: () => {},
    now: () => new Date(),
  };
  const silent = silentInstruments('test');
  return {
    'prepare-run': prepareRunHandler(common, silent),
    'split-partitions': splitPartitionsHandler(common as never, silent),
    'assess-diff': assessDiffHandler(common, silent),
    'decide-retry': decideRetryHandler(common, silent),
    'summarize-run': summarizeRunHandler(common, silent),
    notify: notifyHandler(common, silent),
    'stop-cluster': stopClusterHandler(common, silent),
    'release-lock': releaseLockHandler(common, silent),
    conclude: concludeRunHandler(common, silent),
  };
}

/** What only some forms of clusters are created with. */
const EVERY_FORM: FormParameters = { CustomAmiId: 'ami-0123456789abcdef0', KerberosAttributes: { Realm: 'R', KdcAdminPassword: 'p' } };

function withChoices(lambda: Binding, choices: Partial<RunChoices>): Binding {
  return async (input, task) => {
    const answer = (await lambda(input, task)) as { readonly Payload: { readonly choices?: RunChoices; readonly cluster?: RunCluster } };
    const { choices: chosen, cluster } = answer.Payload ?? {};
    if (chosen === undefined || cluster === undefined) return answer;
    const parameters = { ...cluster.parameters, ...(choices.clusterForm === undefined ? {} : EVERY_FORM) };
    return { ...answer, Payload: { ...answer.Payload, choices: { ...chosen, ...choices }, cluster: { ...cluster, parameters } } };
  };
}

function faultyBinding(binding: Binding, inject: Injection, calls: Map<string, number>, stop: AbortController): Binding {
  return async (input, task) => {
    const call = (calls.get(task.state) ?? 0) + 1;
    calls.set(task.state, call);
    const fault = inject(task.state, call);
    if (fault !== null && 'stops' in fault) {
      stop.abort();
      return await new Promise((resolve) => setTimeout(resolve, 20));
    }
    if (fault !== null && 'before' in fault) throw fault.before;
    const answer = await binding(input, task);
    if (fault !== null) throw fault.after;
    return answer;
  };
}
