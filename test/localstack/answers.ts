/** What the tasks of a machine answer, for both interpreters: the answers of a run in which all goes well, and what a scenario changes. */
import { callOf, type MachineDefinition, type PlacedState, placedStates, readDefinition } from '../../infra/local/engine/definition.ts';
import { planRun } from '../../workflows/plan/run-plan.ts';
import { firstProgress } from '../../workflows/plan/run-progress.ts';
import type { RunChoices } from '../../workflows/plan/run-state.ts';
import { type HandlerName, handlerOf } from '../../workflows/state-machine/handlers.ts';
import { runFacts } from '../helpers/run-facts.ts';
import { prepared } from '../unit/lambdas/surroundings.ts';

/** One answer of a task. Names may not begin with `States.`: the mocks of LocalStack refuse them. */
export type Answer = { readonly returns: unknown } | { readonly throws: string; readonly cause?: string };

/** Answers by state, call by call; the last one is given for ever. */
export type Answers = Readonly<Record<string, readonly Answer[]>>;

/** A run that copies everything on a cluster of its own. */
const CHOICES: RunChoices = {
  createCluster: true,
  terminateCluster: true,
  clusterForm: 'plain',
  splitPartitions: true,
  listSource: true,
  listDestination: false,
  listTogether: false,
  diffEngine: 'none',
  purpose: 'copy',
  verify: false,
};

const ATHENA = { workGroup: 'carillon', database: 'carillon', resultLocation: 's3://results' };

const facts = runFacts({ diff: { engine: 'athena', extras: true }, verify: true }, { runDirectory: 's3://runs/1', athena: ATHENA });

/** A plan in which every step has its place. */
export const PLAN = planRun(facts, firstProgress());

/** The state as the handler itself makes it, with nothing but the world around it made up. */
const { state: STATE } = await prepared();

/** What of a cluster the machine asks for; each must be there. */
const { Parameters: PARAMETERS } = (await readDefinition(process.cwd(), 'copy-run')).States['Create cluster'] as { readonly Parameters?: object };

/** What `prepare-run` gives. @param choices - what the scenario chooses otherwise */
export function preparedRun(choices: Partial<RunChoices> = {}): Answer {
  const parameters = Object.fromEntries(Object.keys(PARAMETERS ?? {}).map((name) => [name.replace(/\.\$$/, ''), name]));
  return handled({ ...STATE, choices: { ...STATE.choices, ...CHOICES, ...choices }, cluster: { ...STATE.cluster, parameters }, plan: PLAN });
}

/** What `lambda:invoke` answers. */
export function handled(Payload: unknown): Answer {
  return { returns: { StatusCode: 200, ExecutedVersion: '$LATEST', Payload } };
}

/** What `assess-diff` gives. */
export function assessed(nothingToDo: boolean): Answer {
  return handled({ plan: PLAN, nothingToDo, hasRowsToCopy: !nothingToDo, hasExtraRows: false });
}

/** What `decide-retry` gives. */
export function decided(next: 'try' | 'round' | 'end'): Answer {
  return handled({ next, why: 'the scenario says so', unsettled: next === 'round' ? 7 : 0, plan: PLAN });
}

/** What `summarize-run` gives. */
export function summarized(status: 'succeeded' | 'partial' | 'failed', tolerated = false, done = true): Answer {
  return handled({ done, runId: facts.runId, status, tolerated, output: 's3://runs/1/output.json', cause: `run ${status}` });
}

const HANDLED: Readonly<Record<HandlerName, Answer>> = {
  'prepare-run': preparedRun(),
  'split-partitions': handled({ plan: PLAN }),
  'assess-diff': assessed(false),
  'decide-retry': decided('end'),
  'summarize-run': summarized('succeeded'),
  notify: handled({ told: [], failed: [] }),
  'stop-cluster': handled({ done: true, terminated: [], cancelledSteps: 0, abortedUploads: 0 }),
  'release-lock': handled({ released: true }),
  'prepare-fan-out': handled({ concurrency: 1, tries: 2, toleratedFailures: 0, children: ['one', 'two'].map((name) => ({ name, input: { name } })) }),
  'summarize-fan-out': handled({
    runId: 'fan',
    status: 'succeeded',
    tolerated: false,
    succeeded: 2,
    failed: 0,
    output: 's3://runs/fan/output.json',
    cause: 'all',
  }),
};

const CALLED: Readonly<Record<string, Answer>> = {
  'elasticmapreduce:createCluster.sync': { returns: { ClusterId: 'j-CREATED', Cluster: { Id: 'j-CREATED' } } },
  'elasticmapreduce:addStep.sync': { returns: { Step: { Id: 's-1', Status: { State: 'COMPLETED' } } } },
  'elasticmapreduce:terminateCluster.sync': { returns: { ClusterId: 'j-CREATED' } },
  'athena:startQueryExecution.sync': { returns: { QueryExecution: { QueryExecutionId: 'q-1' } } },
  'states:startExecution.sync:2': { returns: { ExecutionArn: 'arn', Status: 'SUCCEEDED', Output: { runId: 'child' } } },
};

/** The answers of every task of a machine. */
export function answersOf(definition: MachineDefinition, changed: Answers): Answers {
  const tasks = placedStates(definition).filter(({ state }) => state.Type === 'Task');
  const unknown = Object.keys(changed).filter((name) => !tasks.some((task) => task.name === name));
  if (unknown.length > 0) throw new Error(`the machine has no task ${unknown.join(', ')}`);
  return Object.fromEntries(tasks.map((task) => [task.name, changed[task.name] ?? [usualAnswer(task)]]));
}

function usualAnswer({ name, state }: PlacedState): Answer {
  const call = callOf(state) ?? '';
  const handler = call === 'lambda:invoke' ? handlerOf(String((state.Parameters as { readonly FunctionName: unknown }).FunctionName)) : null;
  const answer = handler === null ? CALLED[call] : HANDLED[handler];
  if (answer === undefined) throw new Error(`nobody has said what ${name} answers`);
  return answer;
}
