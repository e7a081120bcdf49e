/** How long a state may take. Each is beyond what the service itself allows or what a run was ever seen to need; it is the last net, not a plan. */
import { Duration } from 'aws-cdk-lib';

/** A handler: Lambda's own limit is 15 minutes, so its answer comes first. */
export const HANDLER_TIME = Duration.minutes(16);
/** Until a cluster waits for steps; Spot fleets may try for an hour before they fall back. */
export const CLUSTER_TIME = Duration.hours(3);
/** Until a cluster is gone. */
export const TERMINATION_TIME = Duration.hours(1);
/** A step that reads rows and writes rows: listings, plan, complete, reconcile. Days at the slowest pace that anybody would wait for. */
export const ROWS_STEP_TIME = Duration.days(4);
/** A step that copies: petabytes. */
export const COPY_STEP_TIME = Duration.days(30);
/** A Hive diff. */
export const HIVE_TIME = Duration.days(1);
/**
 * An Athena query, and its wait in Athena's queue before it. The service ends a query that runs longer than its own limit (30 minutes for DML
 * unless the account had it raised), so its error comes first; where it was raised beyond an hour, a query that takes longer is given up here. A
 * cluster idles meanwhile: its idle time-out is at least half an hour longer than this.
 */
export const ATHENA_TIME = Duration.minutes(90);
/** A child of a fan-out. */
export const CHILD_TIME = Duration.days(60);
/** A whole execution; the service's own limit is a year. */
export const RUN_TIME = Duration.days(90);
/** Between two looks at a cluster that is being stopped. */
export const STOP_PAUSE = Duration.seconds(30);
