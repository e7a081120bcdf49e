/** `/_carillon/…`: the store's counters for other processes, and what S3 has no request for. Loopback only, no signature. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StoreContext } from '../call.ts';
import type { FaultsOnOrder } from '../faults/fault-interceptor.ts';
import { parseFaultPlan } from '../faults/fault-rule.ts';
import { keyBytes } from '../key-bytes.ts';
import { storeCounts } from '../processes/store-counts.ts';
import { ServiceError } from '../service-error.ts';
import type { AccessLog } from './access-log.ts';
import { setArchiveStatus } from './archive-status.ts';

/** The first path segment of control requests; no bucket can have it as its name. */
export const CONTROL_PATH = '/_carillon/';

/** Whether a request is for the store rather than for S3; a signed one is for S3 always, where a bucket named by the host may hold such a key. */
export function isControl({ url, headers }: IncomingMessage): boolean {
  return url?.startsWith(CONTROL_PATH) === true && headers.authorization === undefined;
}

/** What a control request reaches. */
export interface Controlled {
  readonly store: StoreContext;
  readonly accessLog: AccessLog;
  readonly faults: FaultsOnOrder;
}

type Control = (controlled: Controlled, query: URLSearchParams) => unknown;

function archiveStatus({ store }: Controlled, query: URLSearchParams): unknown {
  setArchiveStatus(store, query.get('bucket') ?? '', keyBytes(query.get('key') ?? ''), query.get('status') || null);
  return {};
}

const CONTROLS: Readonly<Record<string, Control>> = {
  'GET counts': ({ store, accessLog }) => storeCounts(store, accessLog),
  'GET log': ({ accessLog }) => accessLog.entries(),
  'POST reset': ({ accessLog }) => {
    accessLog.reset();
    return {};
  },
  'POST archive-status': archiveStatus,
  'GET faults': ({ faults }) => faults.struck,
  'POST faults': ({ faults }, query) => {
    faults.replace(parseFaultPlan(query.get('plan') ?? '{}'));
    return {};
  },
};

function answer(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(`${JSON.stringify(value)}\n`);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

/** Answers a control request. */
export function handleControl(controlled: Controlled, message: IncomingMessage, response: ServerResponse): void {
  const [path = '', query = ''] = (message.url ?? '').slice(CONTROL_PATH.length).split('?');
  const control = CONTROLS[`${message.method} ${path}`];
  if (control === undefined) {
    answer(response, 404, { error: `no control ${message.method} ${path}; there are: ${Object.keys(CONTROLS).join(', ')}` });
    return;
  }
  try {
    answer(response, 200, control(controlled, new URLSearchParams(query)));
  } catch (error) {
    if (error instanceof ServiceError) answer(response, error.status, { error: error.code });
    else if (error instanceof RangeError || error instanceof SyntaxError) answer(response, 400, { error: error.message });
    else throw error;
  }
}
