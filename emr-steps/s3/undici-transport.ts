/** The transport on undici: one pool of connections an origin, HTTP/1.1, no timer but the caller's signal. */
import { Pool } from 'undici';
import { Exchange } from './exchange.ts';
import type { HttpAnswer, SignedRequest, Transport } from './transport.ts';

/** How connections are kept. */
export interface UndiciTransportOptions {
  /** Connections to one origin at most; 128 unless given. */
  readonly connections?: number;
  /** Milliseconds that an idle connection is kept; 4,000 unless given. A server's `keep-alive` header has precedence. */
  readonly keepAliveMilliseconds?: number;
  /** Milliseconds to connect in; 10,000 unless given. */
  readonly connectMilliseconds?: number;
}

/** A transport that can be closed. */
export type ClosableTransport = Transport & {
  /** Ends what is under way and closes every connection. */
  close(): Promise<void>;
};

function openPool(origin: string, options: UndiciTransportOptions): Pool {
  return new Pool(origin, {
    connections: options.connections ?? 128,
    keepAliveTimeout: options.keepAliveMilliseconds ?? 4_000,
    connect: { timeout: options.connectMilliseconds ?? 10_000 },
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** Makes a transport; connections are opened on demand. */
export function undiciTransport(options: UndiciTransportOptions = {}): ClosableTransport {
  const pools = new Map<string, Pool>();
  const poolOf = (origin: string): Pool => {
    let pool = pools.get(origin);
    if (pool === undefined) {
      pool = openPool(origin, options);
      pools.set(origin, pool);
    }
    return pool;
  };
  const send = (request: SignedRequest, signal: AbortSignal): Promise<HttpAnswer> => new Exchange(signal).send(poolOf(request.origin), request);
  const close = async (): Promise<void> => {
    const open = [...pools.values()];
    pools.clear();
    await Promise.all(open.map((pool) => pool.destroy()));
  };
  return Object.assign(send, { close });
}
