/** The dashboard: how runs ended, how long they took, what the functions do, what was not delivered, and the state of every alarm. */
import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  LogQueryWidget,
  PeriodOverride,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { WorkflowBase } from '../workflow-base.ts';
import type { Watched } from './watched.ts';

const HOUR = Duration.hours(1);
const WIDE = 24;
const HALF = 12;

/** Makes it. */
export function dashboard({ scope, name }: WorkflowBase, watched: Watched, alarms: readonly Alarm[], runbook: string): void {
  const graph = (title: string, left: readonly IMetric[]) => new GraphWidget({ title, left: [...left], width: HALF, height: 6 });
  new Dashboard(scope, 'Dashboard', {
    dashboardName: name,
    periodOverride: PeriodOverride.AUTO,
    widgets: [
      [new TextWidget({ markdown: `# ${name}\nWhat each alarm means and what to do: ${runbook}`, width: WIDE, height: 2 })],
      [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: WIDE, height: 3 })],
      [graph('How executions ended', ends(watched)), graph('How long executions took', durations(watched))],
      [graph('Errors of functions', errors(watched)), graph('Longest call of each function', calls(watched))],
      [graph('Events that were not delivered', [watched.undelivered.metricApproximateNumberOfMessagesVisible({ period: HOUR })])],
      [lastRuns(watched)],
    ],
  });
}

function ends({ machines }: Watched): readonly IMetric[] {
  return machines.flatMap(({ machine, node }) => [
    machine.metricSucceeded({ period: HOUR, statistic: Stats.SUM, label: `${node.id} succeeded` }),
    machine.metricFailed({ period: HOUR, statistic: Stats.SUM, label: `${node.id} failed` }),
    machine.metricAborted({ period: HOUR, statistic: Stats.SUM, label: `${node.id} aborted` }),
    machine.metricTimedOut({ period: HOUR, statistic: Stats.SUM, label: `${node.id} out of time` }),
  ]);
}

function durations({ machines }: Watched): readonly IMetric[] {
  return machines.map(({ machine, node }) => machine.metricTime({ period: HOUR, statistic: Stats.MAXIMUM, label: node.id }));
}

function errors({ functions }: Watched): readonly IMetric[] {
  return functions.map((fn) => fn.function.metricErrors({ period: HOUR, statistic: Stats.SUM, label: fn.name }));
}

function calls({ functions }: Watched): readonly IMetric[] {
  return functions.map((fn) => fn.function.metricDuration({ period: HOUR, statistic: Stats.MAXIMUM, label: fn.name }));
}

/** Books of the last runs: the event `run.finished` in the log of the function that drew them up. */
function lastRuns({ functions }: Watched): LogQueryWidget {
  const summarize = functions.filter((fn) => fn.name === 'summarize-run').map((fn) => fn.function.functionName);
  return new LogQueryWidget({
    title: 'Runs',
    logGroupNames: summarize.map((functionName) => `/aws/lambda/${functionName}`),
    queryLines: [
      'fields event.at, event.runId, event.status, event.cause, event.seconds',
      "filter message = 'run.finished'",
      'sort @timestamp desc',
      'limit 20',
    ],
    width: WIDE,
    height: 6,
  });
}
