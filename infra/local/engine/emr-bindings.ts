/** EMR's calls: steps run on a {@link Cluster}; a cluster that is created or terminated is only a number. */
import type { Cluster, ClusterStep } from '../../../workflows/plan/cluster-step.ts';
import type { Binding } from './bindings.ts';
import { TaskError } from './task-error.ts';

/** What EMR does here. */
export interface LocalEmr {
  readonly bindings: Readonly<Record<string, Binding>>;
  /** Ids of the clusters that were created and not terminated. */
  open(): readonly string[];
  /** Terminates one: its steps are cut off. */
  terminate(id: string): void;
}

/** Told before and after every step. */
export interface StepObserver {
  began(name: string): Promise<void>;
  ended(name: string): Promise<void>;
}

interface AddStepInput {
  readonly ClusterId: string;
  readonly Step: { readonly Name: string; readonly HadoopJarStep: { readonly Args: readonly string[] } };
}

/** EMR on one cluster of this machine. */
export function localEmr(cluster: Cluster, steps: StepObserver): LocalEmr {
  const open = new Map<string, AbortController>();
  let created = 0;
  const create: Binding = async () => {
    created += 1;
    const ClusterId = `j-LOCAL${String(created).padStart(8, '0')}`;
    open.set(ClusterId, new AbortController());
    return { ClusterId, Cluster: { Id: ClusterId, Status: { State: 'WAITING' } } };
  };
  const add: Binding = async (input, { signal }) => {
    const { ClusterId, Step } = input as unknown as AddStepInput;
    const gone = open.get(ClusterId);
    if (gone === undefined) throw new TaskError('EMR.InvalidRequestException', `Cluster id '${ClusterId}' is not valid.`);
    const step: ClusterStep = { name: Step.Name, args: Step.HadoopJarStep.Args };
    return await ranStep(cluster, step, AbortSignal.any([signal, gone.signal]), steps);
  };
  const terminate = (id: string): void => {
    open.get(id)?.abort();
    open.delete(id);
  };
  return {
    open: () => [...open.keys()],
    terminate,
    bindings: {
      'elasticmapreduce:createCluster.sync': create,
      'elasticmapreduce:addStep.sync': add,
      'elasticmapreduce:terminateCluster.sync': async ({ ClusterId }) => {
        terminate(String(ClusterId));
        return { ClusterId, Cluster: { Id: ClusterId, Status: { State: 'TERMINATED' } } };
      },
    },
  };
}

let numbers = 0;

/** Runs a step. @throws TaskError `States.TaskFailed` with the step as DescribeStep tells it */
async function ranStep(cluster: Cluster, step: ClusterStep, signal: AbortSignal, steps: StepObserver): Promise<unknown> {
  numbers += 1;
  const Id = `s-LOCAL${String(numbers).padStart(8, '0')}`;
  await steps.began(step.name);
  const outcome = await cluster.run(step, signal).finally(() => steps.ended(step.name));
  const described = (Status: object) => ({ Step: { Id, Name: step.name, ActionOnFailure: 'CONTINUE', Status } });
  if (outcome.status === 'completed') return described({ State: 'COMPLETED' });
  if (outcome.status === 'cancelled') throw new TaskError('States.TaskFailed', JSON.stringify(described({ State: 'CANCELLED' })));
  const FailureDetails = { Reason: outcome.cause, Message: outcome.log };
  throw new TaskError('States.TaskFailed', JSON.stringify(described({ State: 'FAILED', FailureDetails })));
}
