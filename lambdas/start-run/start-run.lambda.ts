/** The function `start-run` on AWS. */
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { baseBucket } from '../aws/base-bucket.ts';
import { executionStarter } from '../aws/executions.ts';
import { pairParameters } from '../aws/pair-parameters.ts';
import { fanOutMachineArn, pairsPath, stateMachineArn } from '../aws/settings.ts';
import { telling } from '../aws/telling.ts';
import { readWatermark } from '../run/watermark.ts';
import { startRunHandler } from './handler.ts';
import { PairError, parsePair } from './pair.ts';

const { env } = process;
const client = new SFNClient({});
const machines = { 'copy-run': stateMachineArn(env), 'fan-out': fanOutMachineArn(env) };
const parameterOf = pairParameters(new SSMClient({}), pairsPath(env));
const { base } = baseBucket(env);

/** The handler. */
export const handler = startRunHandler(
  {
    startExecution: (name, input, machine) => executionStarter(client, machines[machine])(name, input),
    pairOf: async (name) => {
      const place = `${pairsPath(env)}/${name}`;
      const text = await parameterOf(name);
      if (text === null) throw new PairError(`there is no parameter ${place} in SSM; put {"request": {…}, "incremental": false} there`);
      return parsePair(text, place);
    },
    watermarkOf: (request) => readWatermark(base, request),
  },
  telling('start-run').instruments,
);
