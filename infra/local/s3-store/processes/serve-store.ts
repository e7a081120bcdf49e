/**
 * Serves a store by one process or by several on one port. Several share nothing but their counts, so they serve virtual buckets alone;
 * that is what they are for: a client that is measured must never wait for the server.
 */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CONTROL_PATH } from '../server/control.ts';
import type { Interceptor } from '../server/interceptor.ts';
import { ServiceError } from '../service-error.ts';
import { SERVER_OPTIONS, type StoreOptions, startStore, storeHandler } from '../store.ts';
import { VirtualBucketError } from '../virtual/virtual-bucket-error.ts';
import { gatherForWorkers, joinGathering, type Message, type Question, tellReady } from './gathering.ts';
import { storeCounts } from './store-counts.ts';

/** A store that is served. */
export interface ServedStore {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Whether this process only helps another one that was started with the same command line: it must print nothing and stay. */
  readonly isHelper: boolean;
  close(): Promise<void>;
}

const URL_BEFORE_PORT = 'http://127.0.0.1:';

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** A bucket that is made later would be in one of the processes alone. */
const refuseNewBuckets: Interceptor = ({ operation }, proceed) => {
  if (operation !== 'CreateBucket') return proceed();
  throw new ServiceError('NotImplemented', { message: 'a store of several processes has only the virtual buckets that it was started with' });
};

async function serveAsHelper(options: StoreOptions): Promise<ServedStore> {
  const { handler, context, accessLog } = storeHandler({ ...options, interceptors: [refuseNewBuckets, ...(options.interceptors ?? [])] });
  const askAll = joinGathering((question) => {
    const counts = storeCounts(context, accessLog);
    if (question === 'reset') accessLog.reset();
    return counts;
  });
  const controls: Readonly<Record<string, Question>> = { [`GET ${CONTROL_PATH}counts`]: 'counts', [`POST ${CONTROL_PATH}reset`]: 'reset' };
  const server = createServer(SERVER_OPTIONS, (message, response) => {
    const question = controls[`${message.method} ${message.url}`];
    if (question === undefined) return handler(message, response);
    void askAll(question).then((counts) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify(counts)}\n`);
    });
  });
  const port = await listen(server, options.port ?? 0);
  tellReady(port);
  return { url: URL_BEFORE_PORT + port, isHelper: true, close: async () => void server.close() };
}

async function readyPort(worker: Worker): Promise<number> {
  const ended = once(worker, 'exit').then(([code]) => {
    throw new Error(`a process of the store ended with exit code ${code} before it listened`);
  });
  const ready = new Promise<number>((resolve) => {
    worker.on('message', (message: Message) => {
      if (message.kind === 'ready') resolve(message.port);
    });
  });
  return Promise.race([ready, ended]);
}

async function endWorkers(workers: readonly Worker[]): Promise<void> {
  const living = workers.filter((worker) => !worker.isDead());
  const ends = living.map((worker) => once(worker, 'exit'));
  for (const worker of living) worker.process.kill('SIGKILL');
  await Promise.all(ends);
}

async function serveWithHelpers(processes: number): Promise<ServedStore> {
  const workers = Array.from({ length: processes }, () => cluster.fork());
  gatherForWorkers(workers);
  try {
    const [port = 0] = await Promise.all(workers.map(readyPort));
    return { url: URL_BEFORE_PORT + port, isHelper: false, close: () => endWorkers(workers) };
  } catch (error) {
    await endWorkers(workers);
    throw error;
  }
}

/**
 * Serves a store. With several processes this one starts itself again, with the same command line, as often as asked: each of them must
 * come to this call with the same options, and finds `isHelper` set.
 *
 * @param processes - 1 for this process alone
 * @throws VirtualBucketError where several processes should serve a bucket that is not computed
 */
export async function serveStore(options: StoreOptions, processes: number): Promise<ServedStore> {
  if (processes === 1) {
    const store = await startStore(options);
    return { url: store.url, isHelper: false, close: () => store.close() };
  }
  const stored = options.buckets?.find(({ objects }) => objects === undefined);
  if (stored !== undefined)
    throw new VirtualBucketError(`bucket ${stored.name} is kept in memory, which ${processes} processes cannot share; serve it by one, or make it virtual`);
  return cluster.isWorker ? serveAsHelper(options) : serveWithHelpers(processes);
}
