/** The function `start-run` on AWS. */
import { SFNClient } from '@aws-sdk/client-sfn';
import { executionStarter } from '../aws/executions.ts';
import { stateMachineArn } from '../aws/settings.ts';
import { telling } from '../aws/telling.ts';
import { startRunHandler } from './handler.ts';

/** The handler. */
export const handler = startRunHandler({ startExecution: executionStarter(new SFNClient({}), stateMachineArn(process.env)) }, telling('start-run').instruments);
