import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { callOf, type MachineDefinition, placedStates } from '../../../../infra/local/engine/definition.ts';
import { prepareFanOutInput, summarizeFanOutInput } from '../../../../lambdas/runtime/fan-out-schemas.ts';
import * as schemas from '../../../../lambdas/runtime/input-schemas.ts';
import type { RunRequestInput } from '../../../../workflows/request/run-request.ts';
import { definitionOf, MACHINES } from '../../../../workflows/state-machine/definition.ts';
import { type HandlerName, handlerOf } from '../../../../workflows/state-machine/handlers.ts';
import { brokenClaims, type Claim } from '../../../helpers/api-types.ts';
import { walk } from '../../../helpers/graph-walk.ts';
import { answerOf, clusterParameters, isFixed, RUN_KINDS, SERVICE_ANSWERS } from '../../../helpers/machine-samples.ts';

/**
 * What each service integration takes and gives, by the types of the vendor's SDK. Where the integration departs from the API, by the Step
 * Functions documentation: `addStep` takes ClusterId and one Step, `terminateCluster` one ClusterId, payloads and inputs are JSON and not text,
 * names begin with a capital; `.sync` answers as the service's Describe call.
 */
const MODELS: Readonly<Record<string, { readonly takes: string; readonly gives: string }>> = {
  'lambda:invoke': {
    takes: "Omit<lambda.InvocationRequest, 'Payload'> & { Payload: object }",
    gives: "Omit<lambda.InvocationResponse, 'Payload'> & { Payload: unknown }",
  },
  'elasticmapreduce:createCluster.sync': {
    takes: "Omit<emr.RunJobFlowInput, 'Steps'> & { Instances: { KeepJobFlowAliveWhenNoSteps: true } }",
    gives: '{ ClusterId: string } & emr.DescribeClusterOutput',
  },
  'elasticmapreduce:addStep.sync': {
    takes: "Pick<emr.AddJobFlowStepsInput, 'ExecutionRoleArn'> & { ClusterId: NonNullable<emr.AddJobFlowStepsInput['JobFlowId']>; Step: emr.StepConfig }",
    gives: 'emr.DescribeStepOutput',
  },
  'elasticmapreduce:terminateCluster.sync': {
    takes: "{ ClusterId: NonNullable<emr.TerminateJobFlowsInput['JobFlowIds']>[number] }",
    gives: '{ ClusterId: string } & emr.DescribeClusterOutput',
  },
  'athena:startQueryExecution.sync': { takes: 'athena.StartQueryExecutionInput', gives: 'athena.GetQueryExecutionOutput' },
  'states:startExecution.sync:2': {
    takes: "Pascal<Omit<sfn.StartExecutionInput, 'input'>> & { Input: object }",
    gives: "Partial<Pascal<Omit<sfn.DescribeExecutionOutput, 'output'>>> & { Output: object }",
  },
};

const SCHEMAS: Readonly<Record<HandlerName, z.ZodType>> = {
  'prepare-run': schemas.prepareRunInput,
  'split-partitions': schemas.splitPartitionsInput,
  'assess-diff': schemas.assessDiffInput,
  'decide-retry': schemas.decideRetryInput,
  'summarize-run': schemas.summarizeRunInput,
  notify: schemas.notifyInput,
  'stop-cluster': schemas.stopClusterInput,
  'release-lock': schemas.releaseLockInput,
  'prepare-fan-out': prepareFanOutInput,
  'summarize-fan-out': summarizeFanOutInput,
};

const definitions = Object.values(MACHINES).map((source) => definitionOf(source) as MachineDefinition);
const tasks = definitions.flatMap((definition) => placedStates(definition)).filter(({ state }) => state.Type === 'Task');

/** The parameters of each Task as they are filled in on some path. */
const calls = new Map(
  definitions.flatMap((definition) => Object.values(RUN_KINDS).flatMap((kind) => [...walk(definition, {}, { answer: answerOf(kind), isFixed }).calls])),
);

const claims = tasks.map(({ name, state }): Claim => ({ name, type: MODELS[callOf(state) ?? '']?.takes ?? 'never', value: calls.get(name) ?? null }));

/** Each parameter of a Task under another name, at every depth where the definition says the names. */
function renamed(value: unknown, template: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || typeof template !== 'object' || template === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const { [name]: _, ...others } = value as Record<string, unknown>;
    const below = renamed(inner, (template as Record<string, unknown>)[name]);
    return [
      [name, { ...others, [`${name}X`]: inner }] as const,
      ...below.map(([path, changed]) => [`${name}.${path}`, { ...value, [name]: changed }] as const),
    ];
  });
}

/** Members below a payload are the handlers' matter. */
const isApi = (path: string) => !/^(Payload|Input)\./.test(path);

describe('the parameters of every Task', () => {
  it('are known by their call', () => {
    for (const { name, state } of tasks) expect(Object.keys(MODELS), name).toContain(callOf(state));
    for (const { name } of tasks) expect(calls.has(name), `${name} was reached`).toBe(true);
  });

  it('are what the API takes, and under any other name they are not', async () => {
    const mutants = tasks.flatMap(({ name, state }, at) =>
      renamed(claims[at]?.value, state.Parameters)
        .filter(([path]) => isApi(path))
        .map(([path, value]): Claim => ({ name: `${name}: ${path}`, type: claims[at]?.type ?? 'never', value })),
    );
    const broken = await brokenClaims([...claims, ...mutants]);
    expect(claims.flatMap(({ name }) => (broken.has(name) ? [`${name}: ${broken.get(name)}`] : []))).toEqual([]);
    expect(mutants.length).toBeGreaterThan(100);
    expect(mutants.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
  });

  it('of a cluster are what RunJobFlow takes, whatever cluster a request asks for', async () => {
    const type = MODELS['elasticmapreduce:createCluster.sync']?.takes ?? 'never';
    const primary = { types: ['m7g.xlarge'] };
    const spot = { types: [{ type: 'm7g.4xlarge' }, { type: 'c7g.4xlarge', weight: 2 }], onDemand: 0, spot: 8, bidPercent: 60 };
    const clusters: Readonly<Record<string, RunRequestInput['cluster']>> = {
      'by default': undefined,
      'of fleets': {
        use: 'own',
        fleets: { primary, core: { types: [{ type: 'm7g.2xlarge' }], onDemand: 2 }, task: spot },
        managedScaling: { minimum: 2, maximum: 20, maximumOnDemand: 4, maximumCore: 3 },
      },
      'of groups': {
        use: 'own',
        groups: { primary: { type: 'm7g.xlarge' }, core: { type: 'm7g.2xlarge', count: 3 }, task: [{ type: 'c7g.xlarge', count: 4, market: 'spot' }] },
        keep: true,
        idleMinutes: 180,
      },
    };
    const claimed = Object.entries(clusters).flatMap(([name, cluster]) =>
      (['none', 'hive'] as const).map((engine): Claim => {
        const value = clusterParameters({ diff: { engine }, ...(cluster === undefined ? {} : { cluster }) });
        return { name: `${name}, diff ${engine}`, type, value };
      }),
    );
    expect([...(await brokenClaims(claimed))]).toEqual([]);
  });

  it('are parsed by the handler that they go to, and what is renamed is not', () => {
    for (const { name, state } of tasks.filter(({ state }) => callOf(state) === 'lambda:invoke')) {
      const { FunctionName, Payload } = calls.get(name) as { readonly FunctionName: string; readonly Payload: Readonly<Record<string, unknown>> };
      const schema = SCHEMAS[handlerOf(FunctionName) as HandlerName];
      expect(schema.safeParse(Payload).error, name).toBeUndefined();
      for (const member of Object.keys(Payload).filter((one) => one !== 'request')) {
        const { [member]: value, ...rest } = Payload;
        expect(schema.safeParse({ ...rest, [`${member}X`]: value }).success, `${name}: ${member}`).toBe(false);
      }
      expect(state.ResultSelector, name).toBeDefined();
    }
  });

  it('get answers whose members the API knows', async () => {
    const given = Object.entries(SERVICE_ANSWERS).map(([call, value]): Claim => ({ name: call, type: MODELS[call]?.gives ?? 'never', value }));
    expect([...(await brokenClaims(given))]).toEqual([]);
  });
});
