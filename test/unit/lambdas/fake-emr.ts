/** An EMR for tests: clusters and steps go from state to state when the test says so, and steps leave applications on YARN as the real ones do. */

/** A step as ListSteps tells it. */
export interface FakeStep {
  readonly Id: string;
  readonly Name: string;
  readonly Config: { readonly Args: readonly string[] };
  readonly Status: { State: string; readonly Timeline: { readonly CreationDateTime: Date } };
}

interface FakeCluster {
  readonly Id: string;
  readonly Name: string;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly createdAt: Date;
  state: string;
  readonly steps: FakeStep[];
  /** Tags of the applications that run on YARN. */
  readonly applications: Set<string>;
}

/** Rows of a page. */
const PAGE = 2;

const NEXT_OF_CLUSTER: Readonly<Record<string, string>> = { TERMINATING: 'TERMINATED' };
const NEXT_OF_STEP: Readonly<Record<string, string>> = { CANCEL_PENDING: 'CANCELLED', PENDING: 'RUNNING', RUNNING: 'COMPLETED' };
const GONE = new Set(['TERMINATING', 'TERMINATED', 'TERMINATED_WITH_ERRORS']);

type Input = Readonly<Record<string, unknown>>;

/** It. */
export class FakeEmr {
  /** The time that it tells. */
  now = new Date('2026-01-02T03:05:00Z');
  /** Calls that change something, in order. */
  readonly changes: { readonly name: string; readonly input: Input }[] = [];
  /** How steps that kill end. */
  killsEnd = 'COMPLETED';
  readonly #clusters: FakeCluster[] = [];
  #number = 0;

  cluster(Name: string, state = 'WAITING', { tag = Name, createdAt = this.now }: { readonly tag?: string | null; readonly createdAt?: Date } = {}): string {
    this.#number += 1;
    const Id = `j-${this.#number}`;
    const Tags = tag === null ? [] : [{ Key: 'carillon:run', Value: tag }];
    this.#clusters.push({ Id, Name, Tags, createdAt, state, steps: [], applications: new Set() });
    return Id;
  }

  /** Adds a step of a run; one that began has an application on YARN. */
  step(clusterId: string, run: string, State: string, createdAt = this.now): FakeStep {
    const { steps, applications } = this.#find(clusterId);
    if (State !== 'PENDING' && State !== 'COMPLETED') applications.add(run);
    return this.#add(steps, 'copy-objects.r1.t1', ['hadoop-streaming', '-D', `mapreduce.job.tags=${run}`], State, createdAt);
  }

  stateOf(clusterId: string): string {
    return this.#find(clusterId).state;
  }

  stepsOf(clusterId: string): readonly FakeStep[] {
    return this.#find(clusterId).steps;
  }

  applicationsOf(clusterId: string): readonly string[] {
    return [...this.#find(clusterId).applications];
  }

  /** Some time goes by. */
  tick(seconds = 30): void {
    this.now = new Date(this.now.getTime() + seconds * 1000);
    for (const cluster of this.#clusters) {
      cluster.state = NEXT_OF_CLUSTER[cluster.state] ?? cluster.state;
      for (const step of cluster.steps) this.#move(cluster, step);
    }
  }

  /** As a client of the vendor's SDK. */
  readonly send = (async (command: { readonly input: object }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    const answer = this.#answers[name];
    if (answer === undefined) throw new Error(`the fake has no ${name}`);
    return answer(command.input as Input);
  }) as never;

  readonly #answers: Readonly<Record<string, (input: Input) => unknown>> = {
    ListClusters: ({ ClusterStates, CreatedAfter, Marker }) => {
      const rows = this.#clusters.filter(({ state, createdAt }) => (ClusterStates as string[]).includes(state) && createdAt >= (CreatedAfter as Date));
      return paged('Clusters', rows.toReversed(), Marker);
    },
    DescribeCluster: ({ ClusterId }) => {
      const { Tags, state } = this.#find(String(ClusterId));
      return { Cluster: { Tags, Status: { State: state } } };
    },
    TerminateJobFlows: (input) => {
      this.changes.push({ name: 'TerminateJobFlows', input });
      for (const id of input.JobFlowIds as string[]) if (!GONE.has(this.stateOf(id))) this.#find(id).state = 'TERMINATING';
      return {};
    },
    ListSteps: ({ ClusterId, Marker }) => paged('Steps', this.stepsOf(String(ClusterId)).toReversed(), Marker),
    CancelSteps: (input) => {
      this.changes.push({ name: 'CancelSteps', input });
      const steps = this.stepsOf(String(input.ClusterId)).filter(({ Id }) => (input.StepIds as string[]).includes(Id));
      for (const { Status } of steps) Status.State = { PENDING: 'CANCELLED', RUNNING: 'CANCEL_PENDING' }[Status.State] ?? Status.State;
      return {};
    },
    AddJobFlowSteps: (input) => {
      this.changes.push({ name: 'AddJobFlowSteps', input });
      const { steps, state } = this.#find(String(input.JobFlowId));
      if (GONE.has(state)) throw Object.assign(new Error('may not be modified'), { name: 'InvalidRequestException' });
      for (const { Name, HadoopJarStep } of input.Steps as { Name: string; HadoopJarStep: { Args: string[] } }[])
        this.#add(steps, Name, HadoopJarStep.Args, 'PENDING', this.now);
      return {};
    },
  };

  #add(steps: FakeStep[], Name: string, Args: readonly string[], State: string, CreationDateTime: Date): FakeStep {
    this.#number += 1;
    const step = { Id: `s-${this.#number}`, Name, Config: { Args }, Status: { State, Timeline: { CreationDateTime } } };
    steps.push(step);
    return step;
  }

  /** Others' steps stay as they are; a step that is cancelled leaves its application behind. */
  #move({ applications }: FakeCluster, { Name, Status }: FakeStep): void {
    const run = /^stop\.(.*)$/.exec(Name)?.[1];
    if (run === undefined && Status.State !== 'CANCEL_PENDING') return;
    Status.State = NEXT_OF_STEP[Status.State] ?? Status.State;
    if (run === undefined || Status.State !== 'COMPLETED') return;
    Status.State = this.killsEnd;
    if (this.killsEnd === 'COMPLETED') applications.delete(run);
  }

  #find(id: string): FakeCluster {
    const found = this.#clusters.find(({ Id }) => Id === id);
    if (found === undefined) throw Object.assign(new Error(`Cluster id '${id}' is not valid.`), { name: 'InvalidRequestException' });
    return found;
  }
}

function paged(member: string, rows: readonly unknown[], Marker: unknown): Readonly<Record<string, unknown>> {
  const from = Number(Marker ?? 0);
  return { [member]: rows.slice(from, from + PAGE), ...(from + PAGE < rows.length ? { Marker: String(from + PAGE) } : {}) };
}
