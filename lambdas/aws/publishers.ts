/** SNS for people, EventBridge for programs. */
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Publisher } from '../notify/notify.ts';

/** Protocols of SNS behind which a program reads. */
const PROGRAMS = ['sqs', 'lambda', 'http', 'https', 'firehose'] as const;

/** A topic: text for mails and messages, JSON for programs. */
export function snsPublisher(client: Pick<SNSClient, 'send'>, topicArn: string): Publisher {
  return {
    name: 'sns',
    publish: async ({ title, text, detail }) => {
      const json = JSON.stringify(detail);
      const message = { default: text, ...Object.fromEntries(PROGRAMS.map((protocol) => [protocol, json])) };
      await client.send(new PublishCommand({ TopicArn: topicArn, Subject: title, MessageStructure: 'json', Message: JSON.stringify(message) }));
    },
  };
}

/** A bus: the event carries the output contract. */
export function eventBridgePublisher(client: Pick<EventBridgeClient, 'send'>, eventBus: string): Publisher {
  return {
    name: 'eventbridge',
    publish: async ({ title, detail }) => {
      await putEvent(client, { EventBusName: eventBus, Source: 'carillon', DetailType: title, Detail: JSON.stringify(detail) });
    },
  };
}

/** Puts one event. An answer 200 may say that it was refused. @throws Error then */
export async function putEvent(client: Pick<EventBridgeClient, 'send'>, entry: PutEventsRequestEntry): Promise<void> {
  const { FailedEntryCount, Entries } = await client.send(new PutEventsCommand({ Entries: [entry] }));
  if ((FailedEntryCount ?? 0) > 0) throw new Error(`EventBridge refused the event: ${Entries?.[0]?.ErrorCode} ${Entries?.[0]?.ErrorMessage}`);
}
