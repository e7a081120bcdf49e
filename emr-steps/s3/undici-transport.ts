/** The transport on undici: connections of each origin, HTTP/1.1, no timer but the caller's signal. */
import { buildConnector } from 'undici';
import type { AbortSource } from './abort-source.ts';
import { ConnectionPool, type ConnectionPoolOptions } from './connection-pool.ts';
import { Exchange } from './exchange.ts';
import { sharedReads } from './shared-reads.ts';
import { type SpreadLookupOptions, spreadLookup } from './spread-lookup.ts';
import type { HttpAnswer, SignedRequest, Transport } from './transport.ts';

/** How connections are kept. Clock, chance and name resolution may be replaced by tests. */
export interface UndiciTransportOptions extends SpreadLookupOptions {
  /** Connections to one origin at most; 128 unless given. */
  readonly connections?: number;
  /** Milliseconds that an idle connection is kept; 4,000 unless given. A server's `keep-alive` header has precedence, up to 10,000. */
  readonly keepAliveMilliseconds?: number;
  /** Milliseconds to connect in; 10,000 unless given. */
  readonly connectMilliseconds?: number;
  /**
   * Milliseconds after which a connection gets no further request; what it carries then goes on to its end. 50,000 unless given: with the
   * idle time of 10,000 at most no connection without work is older than a minute.
   */
  readonly lifetimeMilliseconds?: number;
}

/** Milliseconds that one address gets before the next one is tried too; Node's 250 are fewer than a far Region's way there and back. */
const ADDRESS_MILLISECONDS = 1_000;

/** A transport that can be closed. */
export type ClosableTransport = Transport & {
  /** Ends what is under way and closes every connection. */
  close(): Promise<void>;
};

function poolOptions(options: UndiciTransportOptions): ConnectionPoolOptions {
  const reads = sharedReads();
  return {
    connections: options.connections ?? 128,
    keepAliveMilliseconds: options.keepAliveMilliseconds ?? 4_000,
    lifetimeMilliseconds: options.lifetimeMilliseconds ?? 50_000,
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
    // One for all connections: it keeps TLS sessions, so that the next connection need not shake hands in full.
    connect: reads.adopting(
      buildConnector({
        allowH2: false,
        timeout: options.connectMilliseconds ?? 10_000,
        lookup: spreadLookup(options),
        autoSelectFamily: true,
        autoSelectFamilyAttemptTimeout: ADDRESS_MILLISECONDS,
        onread: reads.onread,
      } as buildConnector.BuildOptions),
    ),
  };
}

/** Makes a transport; connections are opened on demand. */
export function undiciTransport(options: UndiciTransportOptions = {}): ClosableTransport {
  const pools = new Map<string, ConnectionPool>();
  const common = poolOptions(options);
  const poolOf = (origin: string): ConnectionPool => {
    let pool = pools.get(origin);
    if (pool === undefined) {
      pool = new ConnectionPool(origin, common);
      pools.set(origin, pool);
    }
    return pool;
  };
  const send = (request: SignedRequest, signal: AbortSource): Promise<HttpAnswer> => new Exchange(signal).send(poolOf(request.origin), request);
  const close = async (): Promise<void> => {
    const open = [...pools.values()];
    pools.clear();
    await Promise.all(open.map((pool) => pool.destroy()));
  };
  return Object.assign(send, { close });
}
