/**
 * The embedded S3 store: an S3 server on `node:http` for development, demonstration and tests. It listens on the loopback interface alone,
 * keeps secrets in plain sight, and replicates nothing: never put data into it that exists nowhere else.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Account, Accounts } from './accounts.ts';
import type { ObjectSource } from './bucket.ts';
import { type BucketSettings, Buckets, bucketSettings } from './buckets.ts';
import type { StoreContext } from './call.ts';
import { directoryShelf } from './directory/directory-shelf.ts';
import { FaultsOnOrder } from './faults/fault-interceptor.ts';
import { type FaultPlan, NO_FAULTS } from './faults/fault-rule.ts';
import { keyBytes } from './key-bytes.ts';
import { memoryShelf } from './memory-shelf.ts';
import { AccessLog, type AccessLogEntry } from './server/access-log.ts';
import { setArchiveStatus } from './server/archive-status.ts';
import { handleControl, isControl } from './server/control.ts';
import { chained, type Interceptor, latency } from './server/interceptor.ts';
import { requestHandler } from './server/request-handler.ts';
import { fastSigner } from './signatures/fast-signer.ts';
import type { Signer } from './signatures/signer.ts';
import { smithySigner } from './signatures/smithy-signer.ts';

/** A bucket that is there from the start. */
export type InitialBucket = Pick<BucketSettings, 'name' | 'ownerId'> &
  Partial<Omit<BucketSettings, 'name' | 'ownerId'>> & {
    /** What it holds, when that is computed. @default an empty bucket */
    readonly objects?: ObjectSource;
  };

/** How a store is set up. */
export interface StoreOptions {
  /** @default one account, 111122223333, with the keys `carillon` / `carillon-secret` */
  readonly accounts?: readonly Account[];
  /** @default none */
  readonly buckets?: readonly InitialBucket[];
  /**
   * Where buckets and objects are kept; made when it is not there.
   * @default in memory, gone with the process
   */
  readonly directory?: string;
  /** The endpoint's Region. @default us-east-1 */
  readonly region?: string;
  /** 0 for any free one. @default 0 */
  readonly port?: number;
  /**
   * Who judges signatures: the vendor's signer, or a quicker one of the store's own that a test holds against it (for measurements),
   * or nobody. @default vendor
   */
  readonly signatures?: 'vendor' | 'fast' | 'off';
  /** Wait before every answer, in milliseconds. @default 0 */
  readonly latencyMilliseconds?: number;
  /** What befalls requests. @default nothing; it can be replaced while the store runs */
  readonly faults?: FaultPlan;
  /** Further places to delay or replace answers, the first outermost. @default none */
  readonly interceptors?: readonly Interceptor[];
  /** Requests that the access log keeps one by one. @default 10,000 */
  readonly accessLogEntries?: number;
  /** Called with every answered request. @default nothing */
  readonly onAccess?: (entry: AccessLogEntry) => void;
  /** The clock, milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

/** A running store. */
export interface Store {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  readonly accessLog: AccessLog;
  /** Accounts and buckets, for those who fill or look into a store from within its process. */
  readonly context: StoreContext;
  readonly faults: FaultsOnOrder;
  /** Marks an INTELLIGENT_TIERING object as archived (`ARCHIVE_ACCESS`, `DEEP_ARCHIVE_ACCESS`), or with null as not. */
  setArchiveStatus(bucket: string, key: string, status: string | null): void;
  /** Ends every connection and keeps what is to be kept. */
  close(): Promise<void>;
}

/** The account of a store that names none. */
export const DEFAULT_ACCOUNT: Account = { id: '111122223333', name: 'carillon', keys: [{ accessKeyId: 'carillon', secretAccessKey: 'carillon-secret' }] };

/** How the server listens: room for a key of 1,024 bytes, twice, percent-encoded, with metadata and tags beside it; bodies may take their time. */
export const SERVER_OPTIONS = { maxHeaderSize: 64 * 1024, keepAliveTimeout: 60_000, requestTimeout: 0 } as const;

const SIGNERS: Readonly<Record<NonNullable<StoreOptions['signatures']>, Signer | null>> = { vendor: smithySigner, fast: fastSigner, off: null };

function storeContext(options: StoreOptions): StoreContext {
  const { accounts = [DEFAULT_ACCOUNT], region = 'us-east-1', now = Date.now } = options;
  const buckets = new Buckets(options.directory === undefined ? memoryShelf() : directoryShelf(options.directory));
  for (const { objects, ...given } of options.buckets ?? []) {
    const settings = bucketSettings({ region, created: now(), ...given });
    if (objects !== undefined) buckets.add({ settings, objects });
    else if (buckets.get(settings.name) === undefined) buckets.create(settings);
  }
  return { accounts: new Accounts(accounts), buckets, region, now };
}

type Handler = (message: IncomingMessage, response: ServerResponse) => void;

/** The handler of a store without a server around it, for those who listen themselves (several processes on one port). */
export function storeHandler(options: StoreOptions): {
  readonly handler: Handler;
  readonly context: StoreContext;
  readonly accessLog: AccessLog;
  readonly faults: FaultsOnOrder;
} {
  const context = storeContext(options);
  const accessLog = new AccessLog(options.accessLogEntries, options.onAccess);
  const faults = new FaultsOnOrder(context, options.faults ?? NO_FAULTS);
  const interceptor = chained([latency(options.latencyMilliseconds ?? 0), faults.interceptor, ...(options.interceptors ?? [])]);
  const handle = requestHandler({ store: context, signer: SIGNERS[options.signatures ?? 'vendor'], accessLog, interceptor });
  const handler: Handler = (message, response) => {
    if (isControl(message)) handleControl({ store: context, accessLog, faults }, message, response);
    else void handle(message, response);
  };
  return { handler, context, accessLog, faults };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/**
 * Starts a store.
 *
 * @example
 * ```ts
 * const store = await startStore({ accounts: [{ id: '111122223333', keys: [{ accessKeyId: 'a', secretAccessKey: 'b' }] }] });
 * const s3 = new S3Client({ endpoint: store.url, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
 * await store.close();
 * ```
 */
export async function startStore(options: StoreOptions = {}): Promise<Store> {
  const { handler, context, accessLog, faults } = storeHandler(options);
  const server = createServer(SERVER_OPTIONS, handler);
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    accessLog,
    context,
    faults,
    setArchiveStatus: (bucket, key, status) => setArchiveStatus(context, bucket, keyBytes(key), status),
    close: async () => {
      await stop(server);
      await context.buckets.close();
    },
  };
}
