/** The topic by which people hear of ended runs and of alarms. */
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

/** The topic. @param mails - addresses, each of which has to confirm once */
export function peopleTopic(scope: Construct, name: string, key: IKey, mails: readonly string[]): Topic {
  const topic = new Topic(scope, 'People', { topicName: name, displayName: 'Carillon', masterKey: key, enforceSSL: true });
  for (const mail of mails) topic.addSubscription(new EmailSubscription(mail));
  return topic;
}
