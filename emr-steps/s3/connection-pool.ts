/**
 * Connections to one origin, each for one exchange at a time and for less than a minute: whoever reconnects resolves the name again, so
 * that load follows the addresses that the service hands out. undici's own pool looks at every connection for each request, and at the
 * age of one only when no request waits; here the choice is the last one freed, and its age is looked at whenever it is free.
 */
import { type buildConnector, Client } from 'undici';
import type { Carried, Carrier } from './exchange.ts';

/** How connections are kept. */
export interface ConnectionPoolOptions {
  /** At most. */
  readonly connections: number;
  /** Milliseconds that an idle connection is kept, unless the server's `keep-alive` header says otherwise (up to 10,000). */
  readonly keepAliveMilliseconds: number;
  /** Milliseconds after which a connection gets no further request; each one draws a time between three quarters of it and all. */
  readonly lifetimeMilliseconds: number;
  /** Opens a connection. */
  readonly connect: buildConnector.connector;
  /** The clock, in milliseconds. */
  readonly now: () => number;
  /** In [0, 1): without it connections that were opened together would end together. */
  readonly random: () => number;
}

/** A server may ask to keep idle connections longer; more than this would carry one beyond its minute. */
const LONGEST_KEEP_ALIVE_MILLISECONDS = 10_000;

class Connection implements Carrier {
  readonly client: Client;
  /** When it gets no further request. Infinite while it is not open. */
  retireAt = Number.POSITIVE_INFINITY;
  private readonly pool: ConnectionPool;

  constructor(origin: string, options: ConnectionPoolOptions, pool: ConnectionPool) {
    this.pool = pool;
    this.client = new Client(origin, {
      connect: options.connect,
      allowH2: false,
      keepAliveTimeout: options.keepAliveMilliseconds,
      keepAliveMaxTimeout: LONGEST_KEEP_ALIVE_MILLISECONDS,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.client.on('connect', () => {
      this.retireAt = options.now() + options.lifetimeMilliseconds * (0.75 + options.random() / 4);
    });
    this.client.on('disconnect', () => {
      this.retireAt = Number.POSITIVE_INFINITY;
    });
  }

  release(): void {
    this.pool.release(this);
  }
}

/** The connections of one origin; opened on demand. */
export class ConnectionPool {
  private readonly origin: string;
  private readonly options: ConnectionPoolOptions;
  private readonly open = new Set<Connection>();
  private readonly idle: Connection[] = [];
  private readonly waiting: Carried[] = [];

  constructor(origin: string, options: ConnectionPoolOptions) {
    this.origin = origin;
    this.options = options;
  }

  /** Has an exchange carried out: at once where a connection is free or may be opened, else in its turn. */
  carry(exchange: Carried): void {
    const connection = this.free();
    if (connection === null) this.waiting.push(exchange);
    else exchange.start(connection.client, connection);
  }

  /** A connection has done its exchange. */
  release(connection: Connection): void {
    const exchange = this.nextWaiting();
    if (exchange === null) {
      this.idle.push(connection);
      return;
    }
    const next = this.isDue(connection) ? this.replaced(connection) : connection;
    exchange.start(next.client, next);
  }

  /** Ends what is under way and what waits, and closes every connection. */
  async destroy(): Promise<void> {
    const ended = [...this.open].map((connection) => connection.client.destroy());
    const waiting = this.waiting.splice(0);
    // A destroyed client refuses them with the error that the others end with.
    const [any] = this.open;
    if (any !== undefined) for (const exchange of waiting) exchange.start(any.client, any);
    this.open.clear();
    await Promise.all(ended);
  }

  private free(): Connection | null {
    for (let connection = this.idle.pop(); connection !== undefined; connection = this.idle.pop()) {
      if (!this.isDue(connection)) return connection;
      this.retire(connection);
    }
    return this.open.size < this.options.connections ? this.opened() : null;
  }

  private nextWaiting(): Carried | null {
    for (let exchange = this.waiting.shift(); exchange !== undefined; exchange = this.waiting.shift()) {
      if (!exchange.isOver) return exchange;
    }
    return null;
  }

  private isDue(connection: Connection): boolean {
    return this.options.now() >= connection.retireAt;
  }

  private opened(): Connection {
    const connection = new Connection(this.origin, this.options, this);
    this.open.add(connection);
    return connection;
  }

  private replaced(connection: Connection): Connection {
    this.retire(connection);
    return this.opened();
  }

  /** It has nothing under way, so closing breaks nothing. */
  private retire(connection: Connection): void {
    this.open.delete(connection);
    connection.client.close().catch(() => {});
  }
}
