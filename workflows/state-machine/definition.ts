/** The definitions as JSON: what CloudFormation deploys, and what the local engine runs. */
import { App, type Duration, Stack } from 'aws-cdk-lib';
import { type Chain, StateGraph } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { copyRun } from './copy-run.ts';
import { fanOut } from './fan-out/fan-out.ts';
import { RUN_TIME } from './time-outs.ts';

/** A state machine to be made: its states, built into a scope, and what holds for a whole execution. */
export interface MachineSource {
  readonly comment: string;
  readonly timeout: Duration;
  readonly states: (scope: Construct) => Chain;
}

/** The machines by the names of their files. */
export const MACHINES: Readonly<Record<'copy-run' | 'fan-out', MachineSource>> = {
  'copy-run': { comment: 'Carillon: one bucket becomes another, every ETag kept, and proves it', timeout: RUN_TIME, states: copyRun },
  'fan-out': { comment: 'Carillon: a run for each part file or pair of buckets, each on a cluster of its own', timeout: RUN_TIME, states: fanOut },
};

/** The definition in the Amazon States Language, with substitutions left open as `${Name}`. */
export function definitionOf({ comment, timeout, states }: MachineSource): object {
  // For its scope alone: under CDK's command any other App writes an assembly at the end, over the one that is meant, and without a folder it makes one.
  const stack = new Stack(new App({ autoSynth: false, outdir: '.' }), 'Definition');
  const graph = new StateGraph(states(stack).startState, comment);
  graph.timeout = timeout;
  return { Comment: comment, ...stack.resolve(graph.toGraphJson()) };
}
