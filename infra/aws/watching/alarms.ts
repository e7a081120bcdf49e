/** Alarms, each with a chapter of its name in docs/runbook.md. */
import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, MathExpression, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { FUNCTIONS } from '../control/function-table.ts';
import type { WorkflowFunction } from '../control/functions.ts';
import type { WorkflowBase } from '../workflow-base.ts';
import type { Watched } from './watched.ts';

/** An alarm before it is made. */
interface Watch {
  /** Name of its chapter. */
  readonly id: AlarmName;
  /** What has happened, in a sentence. */
  readonly text: string;
  readonly metric: IMetric;
  readonly threshold?: number;
}

/** The alarms; each has a chapter of this name in the runbook. */
export const ALARMS = [
  'run-failed',
  'run-cut-off',
  'stop-failed',
  'conclude-failed',
  'follow-failed',
  'start-failed',
  'function-failed',
  'function-throttled',
  'event-undelivered',
  'schedule-undelivered',
  'machine-throttled',
] as const;

/** Name of an alarm. */
export type AlarmName = (typeof ALARMS)[number];

const PERIOD = Duration.minutes(5);

/** Makes the alarms. @param runbook - address of the runbook; each description ends with the place of its chapter */
export function alarms({ scope, name }: WorkflowBase, watched: Watched, topic: ITopic, runbook: string): readonly Alarm[] {
  const folder = new Construct(scope, 'Alarms');
  return watches(watched, name).map(({ id, text, metric, threshold = 1 }) => {
    const alarm = new Alarm(folder, id, {
      alarmName: `${name}-${id}`,
      alarmDescription: `${text} What to do: ${runbook}#${id}`,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    return alarm;
  });
}

/** The sum of metrics; of one alone it is the metric itself. */
function total(metrics: readonly IMetric[]): IMetric {
  const [only, ...others] = metrics;
  if (only !== undefined && others.length === 0) return only;
  const usingMetrics = Object.fromEntries(metrics.map((metric, at) => [`m${at}`, metric]));
  return new MathExpression({ expression: 'SUM(METRICS())', usingMetrics, period: PERIOD, label: 'all' });
}

function watches({ machines, functions, undelivered, scheduleGroup }: Watched, name: string): readonly Watch[] {
  const ofMachines = (metric: 'metricFailed' | 'metricTimedOut' | 'metricAborted' | 'metricThrottled') =>
    machines.map(({ machine }) => machine[metric]({ period: PERIOD, statistic: Stats.SUM }));
  const errorsOf = (which: (fn: WorkflowFunction) => boolean) =>
    functions.filter(which).map((fn) => fn.function.metricErrors({ period: PERIOD, statistic: Stats.SUM }));
  const errors = (own: string) => total(errorsOf((fn) => fn.name === own));
  // Of the whole account: an alarm may add up ten metrics at most, and the limit is the account's anyway.
  const throttles = new Metric({ namespace: 'AWS/Lambda', metricName: 'Throttles', statistic: Stats.SUM, period: PERIOD });
  const scheduler = new Metric({
    namespace: 'AWS/Scheduler',
    metricName: 'InvocationsSentToDeadLetterCount',
    dimensionsMap: { ScheduleGroup: scheduleGroup },
    statistic: Stats.SUM,
    period: PERIOD,
  });
  return [
    { id: 'run-failed', text: 'A run failed: a step, the books, or a request that was refused.', metric: total(ofMachines('metricFailed')) },
    {
      id: 'run-cut-off',
      text: 'An execution was aborted or ran out of time.',
      metric: total([...ofMachines('metricTimedOut'), ...ofMachines('metricAborted')]),
    },
    { id: 'stop-failed', text: `What ${name}-stop-cluster was to stop may be running still, and costs money.`, metric: errors('stop-cluster') },
    { id: 'conclude-failed', text: 'A run that was cut off has no books yet, and perhaps nobody was told.', metric: errors('conclude-run') },
    { id: 'follow-failed', text: 'What follows a run was not started, or its watermark did not move.', metric: errors('follow-run') },
    { id: 'start-failed', text: 'A schedule or an event started no run.', metric: errors('start-run') },
    // A function that events call has an alarm of its own.
    { id: 'function-failed', text: 'A function of a state machine failed.', metric: total(errorsOf((fn) => !FUNCTIONS[fn.name].byEvents)) },
    { id: 'function-throttled', text: 'Functions of this account were throttled: too many run at once.', metric: throttles },
    {
      id: 'event-undelivered',
      text: 'An event could not be delivered, or a function gave it up.',
      metric: undelivered.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM }),
    },
    { id: 'schedule-undelivered', text: 'A schedule could not be delivered.', metric: scheduler },
    { id: 'machine-throttled', text: 'State machines were throttled.', metric: total(ofMachines('metricThrottled')), threshold: 100 },
  ];
}
