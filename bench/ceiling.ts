/**
 * What the store can give at most: signed requests on plain sockets, answers counted and not read. A client that is measured against the
 * store must stay well below; its raw floor is this program's own processor time.
 */
import { connect } from 'node:net';
import { copySourceHeaders } from '../emr-steps/s3/copy-source.ts';
import { RequestBuilder } from '../emr-steps/s3/request-builder.ts';
import type { S3Request } from '../emr-steps/s3/s3-request.ts';
import { queryString } from '../emr-steps/s3/uri.ts';
import type { Ceiling } from './result.ts';
import { CREDENTIALS, REGION, serveStore } from './served-store.ts';

const CONNECTIONS = 32;
const SECONDS = 3;
const KEYS = 1_000_000;

function keyAt(index: number): string {
  return `object-${String(index).padStart(12, '0')}.json`;
}

/** Requests of each kind, all different. */
const KINDS: Readonly<Record<string, { readonly bucket: string; readonly request: (number: number) => S3Request }>> = {
  'ListObjectsV2 of 1,000 keys': {
    bucket: 'source',
    request: (number) => ({
      operation: 'ListObjectsV2',
      method: 'GET',
      key: null,
      query: queryString({ 'encoding-type': 'url', 'list-type': 2, 'start-after': keyAt((number * 997) % (KEYS - 1001)) }),
    }),
  },
  CopyObject: {
    bucket: 'sink',
    request: (number) => {
      const key = keyAt((number * 997) % KEYS);
      return { operation: 'CopyObject', method: 'PUT', key, headers: copySourceHeaders({ bucket: 'source', key, etag: null }) };
    },
  },
  'HeadObject of part 1': {
    bucket: 'source',
    request: (number) => ({ operation: 'HeadObject', method: 'HEAD', key: keyAt((number * 997) % KEYS), query: 'partNumber=1' }),
  },
};

function wireForm(request: ReturnType<RequestBuilder['build']>): string {
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${request.method} ${request.path} HTTP/1.1\r\n${headers.join('')}${request.method === 'PUT' ? 'content-length: 0\r\n' : ''}\r\n`;
}

/** One connection: sends the next request when the answer to the last is whole; ends when `next` gives none. */
function drive(port: number, hasBody: boolean, next: () => string | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let missing = 0;
    const send = () => {
      const request = next();
      if (request === null) socket.end(resolve);
      else socket.write(request, 'latin1');
    };
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      if (missing > 0) missing -= chunk.length;
      else {
        const head = chunk.indexOf('\r\n\r\n');
        const text = chunk.toString('latin1', 0, head);
        if (!text.startsWith('HTTP/1.1 20')) return reject(new Error(chunk.toString('latin1')));
        missing = (hasBody ? Number(/content-length: (\d+)/i.exec(text)?.[1]) : 0) - (chunk.length - head - 4);
      }
      if (missing === 0) send();
    });
    socket.on('connect', send);
  });
}

async function measureKind(name: string, processes: number): Promise<{ readonly rate: number; readonly floor: number }> {
  const kind = KINDS[name] as (typeof KINDS)[string];
  const store = await serveStore({ virtual: [`flat:${KEYS},name=source`, `sink:flat:${KEYS},name=sink`], latencyMilliseconds: 0, processes });
  try {
    const builder = new RequestBuilder({ bucket: kind.bucket, region: REGION, endpointUrl: store.endpoint, addressingStyle: 'path', userAgent: 'ceiling' });
    const ready = Array.from({ length: 20_000 }, (_, number) => wireForm(builder.build(kind.request(number), CREDENTIALS, Date.now())));
    const end = Date.now() + SECONDS * 1000;
    let sent = 0;
    const next = () => (Date.now() > end ? null : (ready[sent++ % ready.length] ?? null));
    const before = process.cpuUsage();
    await Promise.all(Array.from({ length: CONNECTIONS }, () => drive(Number(new URL(store.endpoint).port), !name.startsWith('Head'), next)));
    const { user, system } = process.cpuUsage(before);
    return { rate: sent / SECONDS, floor: ((user + system) / sent / 1e6) * 10_000 };
  } finally {
    await store.close();
  }
}

/** Measures every kind, some three seconds each, against a store of so many processes. */
export async function measureCeiling(processes: number): Promise<Ceiling> {
  const rates: Record<string, number> = {};
  const floors: Record<string, number> = {};
  for (const name of Object.keys(KINDS)) {
    const { rate, floor } = await measureKind(name, processes);
    rates[name] = rate;
    floors[name] = floor;
  }
  return { processes, rates, floors };
}

/** As lines for a terminal. */
export function ceilingLines({ processes, rates, floors }: Ceiling): readonly string[] {
  const lines = Object.entries(rates).map(
    ([name, rate]) => `${name.padEnd(28)} ${rate.toFixed(0).padStart(7)} a second, client ${floors[name]?.toFixed(2)} CPU seconds per 10,000`,
  );
  return [`what the store gives at most, by ${processes} ${processes === 1 ? 'process' : 'processes'} to ${CONNECTIONS} connections:`, ...lines];
}
