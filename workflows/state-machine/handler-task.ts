/** A Task that calls one of our handlers: the payload and what is kept of the answer are checked against the handler's contract. */
import type { ExecutionContext } from '../plan/run-state.ts';
import { HANDLERS, type HandlerContracts, type HandlerName, placeholder } from './handlers.ts';
import { FAILURE_PATH, type PhaseContext } from './phase-context.ts';
import { HANDLER_RETRY } from './retry-policies.ts';
import { ServiceTask } from './service-task.ts';
import { CONTEXT, type PathIn, type Ref, type Template, type ValueAt } from './state-path.ts';
import { HANDLER_TIME } from './time-outs.ts';

type Answer<H extends HandlerName> = HandlerContracts[H]['output'];

/** References into a handler's answer. */
export type AnswerPaths<H extends HandlerName> = <P extends PathIn<Answer<H>>>(path: P) => Ref<ValueAt<Answer<H>, P>>;

/** A call of a handler. */
export interface HandlerTaskProps<H extends HandlerName> {
  readonly comment: string;
  readonly handler: H;
  /** The handler's input but for the execution's ARN and start, which every handler gets. */
  readonly payload: { readonly [K in Exclude<keyof HandlerContracts[H]['input'], keyof ExecutionContext>]: Template<HandlerContracts[H]['input'][K]> };
  /** Member of the state that takes what is kept, such as `$.decided`; null: nothing is kept. */
  readonly resultPath: string | null;
  /** What is kept of the answer. */
  readonly keep: (answer: AnswerPaths<H>) => Readonly<Record<string, unknown>>;
}

/** The Task, with its Retry but without its Catch. */
export function handlerCall<H extends HandlerName>({ scope }: PhaseContext, name: string, props: HandlerTaskProps<H>): ServiceTask {
  return new ServiceTask(scope, name, {
    comment: props.comment,
    call: 'lambda:invoke',
    parameters: {
      FunctionName: placeholder(HANDLERS[props.handler]),
      Payload: { executionArn: CONTEXT.executionArn, startedAt: CONTEXT.startedAt, ...props.payload },
    },
    resultSelector: props.keep((path) => ({ path: `$.Payload.${path}` })),
    resultPath: props.resultPath,
    timeout: HANDLER_TIME,
    retry: HANDLER_RETRY,
    rights: [],
  });
}

/** The Task, whose every failure is the run's. */
export function handlerTask<H extends HandlerName>(context: PhaseContext, name: string, props: HandlerTaskProps<H>): ServiceTask {
  const task = handlerCall(context, name, props);
  task.addCatch(context.onFailure, { resultPath: FAILURE_PATH });
  return task;
}
