/** From a request to its answer: understand, authenticate, enter the bucket, authorize, run, write, log. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { authorize } from '../access/authorize.ts';
import { enterBucket } from '../access/enter-bucket.ts';
import { type Answer, errorAnswer } from '../answer.ts';
import type { ServiceCall, StoreContext } from '../call.ts';
import { keyText } from '../key-bytes.ts';
import { parseRequest, type S3Request } from '../request.ts';
import { ServiceError } from '../service-error.ts';
import { authenticate } from '../signatures/authenticate.ts';
import type { Signer } from '../signatures/signer.ts';
import { isStsRequest, readForm } from '../sts/form.ts';
import { runStsAction, stsAction } from '../sts/sts-actions.ts';
import { stsErrorAnswer } from '../sts/sts-answer.ts';
import type { AccessLog } from './access-log.ts';
import type { Interceptor } from './interceptor.ts';
import { type Route, routeFor } from './routes.ts';
import { writeAnswer } from './write-answer.ts';
import { writeDamaged } from './write-damaged.ts';

/** What a handler needs. */
export interface HandlerParts {
  readonly store: StoreContext;
  /** Null: signatures are not checked. */
  readonly signer: Signer | null;
  readonly accessLog: AccessLog;
  readonly interceptor: Interceptor;
}

/** Handles one request to its end; never rejects. */
export type RequestHandler = (message: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What is known of a request when it is logged. */
interface Exchange {
  readonly requestId: string;
  readonly began: number;
  operation: string;
  request: S3Request | null;
  caller: string | null;
  errorCode: string | null;
}

const HOST_ID = Buffer.from('carillon store, a development tool').toString('base64');

function run(route: Route, call: ServiceCall): Answer | Promise<Answer> {
  if (route.on === 'service' || route.on === 'new-bucket') return route.run(call);
  const bucket = enterBucket(call, call.request.bucket ?? '');
  const key = call.request.key ?? '';
  if (route.action !== null) authorize(call, { bucket, key: route.on === 'object' ? key : null, action: route.action });
  return route.on === 'bucket' ? route.run({ ...call, bucket }) : route.run({ ...call, bucket, key });
}

/** STS answers on the same endpoint. Its form is read first, because the signature covers it. */
async function answerOfSts({ store, signer, interceptor }: HandlerParts, exchange: Exchange, request: S3Request): Promise<Answer> {
  const form = await readForm(request);
  const operation = stsAction(form);
  exchange.operation = operation;
  return interceptor({ operation, request }, async () => {
    const scope = { service: 'sts', bodyHash: form.bodyHash } as const;
    const { caller } = await authenticate(request, { accounts: store.accounts, signer, now: store.now, scope });
    exchange.caller = caller.arn;
    return runStsAction(operation, { accounts: store.accounts, caller, form, now: store.now() });
  });
}

async function answerTo(parts: HandlerParts, exchange: Exchange, message: IncomingMessage): Promise<Answer> {
  const request = parseRequest(message);
  exchange.request = request;
  if (isStsRequest(request)) return answerOfSts(parts, exchange, request);
  const { store, signer, interceptor } = parts;
  const route = routeFor(request);
  exchange.operation = route.name;
  return interceptor({ operation: route.name, request }, async () => {
    const auth = await authenticate(request, { accounts: store.accounts, signer, now: store.now });
    exchange.caller = auth.caller.arn;
    return run(route, { store, request, auth });
  });
}

function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError('InternalError', { message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

function refusal(exchange: Exchange, error: unknown): Answer {
  const refused = asServiceError(error);
  exchange.errorCode = refused.code;
  if (exchange.request !== null && isStsRequest(exchange.request)) return stsErrorAnswer(refused, randomUUID());
  return errorAnswer(refused, exchange.requestId, HOST_ID);
}

function identified(answer: Answer, exchange: Exchange): Answer {
  return { ...answer, headers: { ...answer.headers, server: 'carillon-store', 'x-amz-request-id': exchange.requestId, 'x-amz-id-2': HOST_ID } };
}

function log({ accessLog, store }: HandlerParts, { operation, request, caller, errorCode, began }: Exchange, status: number, bytesSent: number): void {
  const at = store.now();
  const key = request === null || request.key === null ? null : keyText(request.key);
  accessLog.add({ at, operation, bucket: request?.bucket ?? null, key, caller, status, errorCode, bytesSent, milliseconds: at - began });
}

/** Makes the handler of a store. */
export function requestHandler(parts: HandlerParts): RequestHandler {
  let requests = 0;
  return async (message, response) => {
    const requestId = (++requests).toString(36).toUpperCase().padStart(16, '0');
    const exchange: Exchange = { requestId, began: parts.store.now(), operation: 'Unknown', request: null, caller: null, errorCode: null };
    const answer = await answerTo(parts, exchange, message).catch((error: unknown) => refusal(exchange, error));
    let sent = 0;
    try {
      const write = answer.damage === undefined ? writeAnswer : writeDamaged;
      sent = await write(response, message.method ?? 'GET', identified(answer, exchange));
    } catch {
      // the client went away, or the body could not be read to its end: the connection is all that can say so
      response.destroy();
    }
    log(parts, exchange, answer.status, sent);
  };
}
