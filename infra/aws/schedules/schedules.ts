/** Entries of EventBridge Scheduler. Each calls `start-run`, which names the execution by the schedule and its time: it delivers at least once, and starts once. */
import { Aws, Duration, TimeZone } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleGroup, ScheduleTargetInput, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { WorkflowBase } from '../workflow-base.ts';
import type { Pair, ScheduleEntry } from './schedule-schema.ts';

/** What is scheduled, and who starts it. */
export interface SchedulesProps {
  readonly schedules: Readonly<Record<string, ScheduleEntry>>;
  readonly startRun: IFunction;
  readonly undelivered: IQueue;
}

/** Path of the parameters that are pairs. */
export function pairsPath(workflow: string): string {
  return `/carillon/${workflow}/pairs`;
}

/** When the schedule meant it to run: the same for every delivery. */
const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

/** The schedules, in a group of the workflow's name. */
export function schedules({ scope, name, key }: WorkflowBase, { schedules: entries, startRun, undelivered }: SchedulesProps): ScheduleGroup {
  const folder = new Construct(scope, 'Schedules');
  const group = new ScheduleGroup(folder, 'Group', { scheduleGroupName: name });
  const role = callerRole(folder);
  for (const [id, entry] of Object.entries(entries)) {
    new Schedule(folder, id, {
      scheduleName: id,
      scheduleGroup: group,
      schedule: ScheduleExpression.expression(entry.when, TimeZone.of(entry.timeZone)),
      timeWindow: entry.flexibleMinutes === null ? TimeWindow.off() : TimeWindow.flexible(Duration.minutes(entry.flexibleMinutes)),
      enabled: entry.enabled,
      key,
      target: new LambdaInvoke(startRun, {
        input: ScheduleTargetInput.fromObject({
          name: `${id}-${SCHEDULED_TIME}`,
          ...(entry.pair === undefined ? { request: entry.request } : { pair: entry.pair }),
        }),
        retryAttempts: 24,
        maxEventAge: Duration.hours(6),
        deadLetterQueue: undelivered,
        role,
      }),
    });
  }
  return group;
}

/** As whom the scheduler calls: for this account's schedules alone. CDK grants it what the targets need. */
function callerRole(scope: Construct): Role {
  const conditions = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
  return new Role(scope, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions }) });
}

/** Pairs of the configuration as parameters, beside those that people add. */
export function pairs({ scope, name }: WorkflowBase, entries: Readonly<Record<string, Pair>>): void {
  const folder = new Construct(scope, 'Pairs');
  for (const [id, pair] of Object.entries(entries)) {
    new StringParameter(folder, id, {
      parameterName: `${pairsPath(name)}/${id}`,
      description: 'A pair of buckets that schedules copy by name',
      stringValue: JSON.stringify(pair),
      tier: ParameterTier.INTELLIGENT_TIERING,
    });
  }
}
