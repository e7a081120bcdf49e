/** Who is told when a run is over, and what runs next. */
import * as z from 'zod';
import { arnOf } from './places.ts';

const busName = z.string().regex(/^(?:arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/)?[/.\w-]{1,256}$/, 'is no event bus: write its name or its ARN');

/** The schema of the notices. */
export const notifySchema = z
  .strictObject({
    topicArns: z
      .array(arnOf('sns', '[\\w-]{1,256}(?:\\.fifo)?', 'arn:aws:sns:eu-central-1:111122223333:topic'))
      .max(10)
      .default([])
      .describe('Topics of SNS beside the one of the stack; the stack must name them too (see docs/chaining.md), or publishing is denied. Default: none.'),
    eventBusName: busName.nullable().default(null).describe('An event bus beside the one of the stack, by name or ARN. Default: null, none.'),
    on: z
      .enum(['always', 'problem'])
      .default('always')
      .describe('problem: people are told of partial and failed runs alone; the event goes out in any case. Default: always.'),
  })
  .prefault({})
  .describe('Who is told at the end. Failing to tell never fails a run. Default: whom the stack tells, always.');

const when = z
  .enum(['verified-success', 'always'])
  .default('verified-success')
  .describe(
    'verified-success: only after a run that succeeded and whose verification found no difference. always: whatever the end was. Default: verified-success.',
  );

/** The schema of what runs next. */
export const nextSchema = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('state-machine').describe('An execution of another state machine; its input is the output contract (docs/output.md).'),
        stateMachineArn: arnOf('states', 'stateMachine:[\\w.:-]{1,256}', 'arn:aws:states:eu-central-1:111122223333:stateMachine:name').describe('The machine.'),
        when,
      })
      .describe('Another state machine.'),
    z
      .strictObject({
        kind: z.literal('lambda').describe('A function, invoked asynchronously with the output contract.'),
        functionArn: arnOf('lambda', 'function:[\\w-]{1,64}(?::[\\w$-]{1,128})?', 'arn:aws:lambda:eu-central-1:111122223333:function:name').describe(
          'The function.',
        ),
        when,
      })
      .describe('A function.'),
    z
      .strictObject({
        kind: z.literal('glue-job').describe('A run of a Glue job; the place of the output contract is its argument --carillon-output.'),
        jobName: z.string().min(1).max(255).describe('The job.'),
        arguments: z
          .record(z.string().regex(/^--[\w-]+$/, 'is no argument of a job, such as --name'), z.string())
          .default({})
          .describe('Further arguments. Default: none.'),
        when,
      })
      .describe('A Glue job.'),
    z
      .strictObject({
        kind: z.literal('event').describe('An event with the output contract as its detail.'),
        busName: busName.default('default').describe('The bus, by name or ARN. Default: default, the bus of the account.'),
        source: z.string().min(1).max(256).default('carillon').describe('Source of the event. Default: carillon.'),
        detailType: z.string().min(1).max(128).default('Carillon Next').describe('Type of the event. Default: Carillon Next.'),
        when,
      })
      .describe('An event.'),
  ])
  .nullable()
  .default(null)
  .describe('What is started after the run; its failure never changes the result of the copy. Default: null, nothing.');
