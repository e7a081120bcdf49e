/** The function `follow-run` on AWS. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GlueClient } from '@aws-sdk/client-glue';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { baseBucket } from '../aws/base-bucket.ts';
import { nextStarter } from '../aws/next-starter.ts';
import { telling } from '../aws/telling.ts';
import { followRunHandler } from './handler.ts';

const { home, base } = baseBucket(process.env);
const clients = { states: new SFNClient({}), lambda: new LambdaClient({}), glue: new GlueClient({}), events: new EventBridgeClient({}) };

/** The handler. */
export const handler = followRunHandler({ home, base, start: nextStarter(clients) }, telling('follow-run').instruments);
