/** `lambda:invoke`: the handler in this process, in its real stack. What goes in and out is JSON, as over the wire. */
import type { LambdaHandler } from '../../../lambdas/runtime/lambda-stack.ts';
import { HANDLERS, type HandlerName, handlerOf, placeholder } from '../../../workflows/state-machine/handlers.ts';
import type { Binding } from './bindings.ts';
import { TaskError } from './task-error.ts';

/** Handlers by name; a definition that calls another one is refused. */
export type LocalHandlers = Readonly<Partial<Record<HandlerName, LambdaHandler>>>;

/** Lambda's longest time. */
const LAMBDA_MILLISECONDS = 15 * 60_000;

/** FunctionNames of the handlers, as a definition writes them. */
export function functionNames(handlers: LocalHandlers): ReadonlySet<string> {
  return new Set((Object.keys(handlers) as HandlerName[]).map((name) => placeholder(HANDLERS[name])));
}

/** The binding. */
export function lambdaBinding(handlers: LocalHandlers): Binding {
  return async ({ FunctionName, Payload }) => {
    const name = handlerOf(String(FunctionName));
    const handler = name === null ? undefined : handlers[name];
    if (name === null || handler === undefined) throw new TaskError('Lambda.ResourceNotFoundException', `Function not found: ${String(FunctionName)}`);
    return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: await invoke(name, handler, Payload) };
  };
}

/** Calls a handler as Lambda would. @throws TaskError named by the error's class, its cause as Lambda writes it */
export async function invoke(name: HandlerName | 'conclude-run', handler: LambdaHandler, event: unknown): Promise<unknown> {
  try {
    return asJson((await handler(asJson(event), contextOf(name))) ?? null);
  } catch (error) {
    const { name: errorType, message: errorMessage, stack } = error instanceof Error ? error : new Error(String(error));
    throw new TaskError(errorType, JSON.stringify({ errorMessage, errorType, trace: (stack ?? '').split('\n').slice(0, 8) }));
  }
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function contextOf(name: string) {
  const end = performance.now() + LAMBDA_MILLISECONDS;
  return {
    functionName: `carillon-${name}`,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:carillon-${name}`,
    memoryLimitInMB: '512',
    awsRequestId: crypto.randomUUID(),
    getRemainingTimeInMillis: () => Math.max(0, end - performance.now()),
  };
}
