/** What dashboard and alarms look at. */
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { WorkflowFunction } from '../control/functions.ts';
import type { WorkflowMachine } from '../control/machines.ts';

/** It. */
export interface Watched {
  readonly machines: readonly WorkflowMachine[];
  readonly functions: readonly WorkflowFunction[];
  readonly undelivered: IQueue;
  /** Name of the group of schedules. */
  readonly scheduleGroup: string;
}
