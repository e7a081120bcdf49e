/** What others import as `carillon/aws`: the construct, its props, and the schemas by which pairs and schedules are checked. */
export { ConfigurationError, parseConfiguration } from './configuration.ts';
export { CopyWorkflow } from './copy-workflow.ts';
export type { CopyWorkflowProps, NotifyTargets } from './copy-workflow-props.ts';
export type { NetworkChoice } from './network/network.ts';
export { pairSchema, scheduleSchema } from './schedules/schedule-schema.ts';
