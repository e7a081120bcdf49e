/** The function `notify` on AWS. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { baseBucket } from '../aws/base-bucket.ts';
import { eventBridgePublisher, snsPublisher } from '../aws/publishers.ts';
import { channels } from '../aws/settings.ts';
import { telling } from '../aws/telling.ts';
import { notifyHandler } from './handler.ts';

const { topicArn, eventBus } = channels(process.env);
const publishers = [
  ...(topicArn === null ? [] : [snsPublisher(new SNSClient({}), topicArn)]),
  ...(eventBus === null ? [] : [eventBridgePublisher(new EventBridgeClient({}), eventBus)]),
];

/** The handler. */
export const handler = notifyHandler({ ...baseBucket(process.env), publishers }, telling('notify').instruments);
