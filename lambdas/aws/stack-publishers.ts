/** Whom the stack tells of every run. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Publisher } from '../notify/notify.ts';
import { eventBridgePublisher, snsPublisher } from './publishers.ts';
import { channels, type Environment } from './settings.ts';

/** Its topic and its bus, as far as there are any. */
export function stackPublishers(env: Environment): readonly Publisher[] {
  const { topicArn, eventBus } = channels(env);
  return [
    ...(topicArn === null ? [] : [snsPublisher(new SNSClient({}), topicArn)]),
    ...(eventBus === null ? [] : [eventBridgePublisher(new EventBridgeClient({}), eventBus)]),
  ];
}
