/** Answers that come side by side, through one memory, to readers that make them wait: over HTTP and over TLS. */
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import tls from 'node:tls';
import { buildConnector, Client } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { Exchange } from '../../../emr-steps/s3/exchange.ts';
import { sharedReads } from '../../../emr-steps/s3/shared-reads.ts';

const LENGTH = 3_000_000;
const PSK = { psk: Buffer.alloc(32, 7), identity: 'test' };
const CIPHERS = 'PSK-AES128-GCM-SHA256';

/** Every four bytes say where they stand and in which answer. */
function answerOf(path: string): Buffer {
  const body = Buffer.alloc(LENGTH);
  for (let at = 0; at < LENGTH; at += 4) body.writeUInt32LE(at * 4 + Number(path.slice(1)), at);
  return body;
}

const closing: (() => unknown)[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** In pieces of its own encoding, so that a reader may be full in the middle of what came. */
const answer: http.RequestListener = ({ url }, response) => {
  const body = answerOf(url ?? '');
  for (let at = 0; at < LENGTH; at += 60_000) response.write(body.subarray(at, at + 60_000));
  response.end();
};

const SERVERS = {
  HTTP: () => http.createServer(answer),
  TLS: () => https.createServer({ ciphers: CIPHERS, maxVersion: 'TLSv1.2', pskCallback: () => PSK.psk }, answer),
};

/** A connector with a key that both sides know, in place of certificates. */
function pskConnector(onread: object): buildConnector.connector {
  return ({ port }, callback) => {
    const options = {
      port: Number(port),
      host: '127.0.0.1',
      ciphers: CIPHERS,
      maxVersion: 'TLSv1.2',
      pskCallback: () => PSK,
      checkServerIdentity: () => undefined,
      onread,
    };
    const socket = tls.connect(options as tls.ConnectionOptions);
    socket.once('secureConnect', () => callback(null, socket)).on('error', () => undefined);
  };
}

async function clientsOf(scheme: keyof typeof SERVERS, count: number): Promise<readonly Client[]> {
  const server = SERVERS[scheme]();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const reads = sharedReads();
  const plain = buildConnector({ allowH2: false, onread: reads.onread } as buildConnector.BuildOptions);
  const adopting = reads.adopting(scheme === 'TLS' ? pskConnector(reads.onread) : plain);
  const connect: buildConnector.connector = (options, callback) =>
    adopting(options, (...outcome) => {
      if (outcome[0] === null) sockets.push(outcome[1]);
      callback(...outcome);
    });
  const origin = `${scheme === 'TLS' ? 'https' : 'http'}://127.0.0.1:${port}`;
  const clients = Array.from({ length: count }, () => new Client(origin, { connect }));
  closing.push(async () => {
    await Promise.all(clients.map((client) => client.destroy()));
    server.close();
  });
  return clients;
}

function get(client: Client, path: string) {
  const carriage = { carry: (exchange: Exchange) => exchange.start(client, { release: () => undefined }) };
  const request = { method: 'GET', origin: '', path, headers: {}, body: null };
  return new Exchange(new AbortController().signal).send(carriage as Parameters<Exchange['send']>[0], request);
}

/** Reads so slowly that the connection must wait: a turn of the event loop, or `milliseconds`, before each chunk. */
async function readSlowly(client: Client, path: string, milliseconds: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await get(client, path)).body) {
    chunks.push(chunk);
    await new Promise((resolve) => void setTimeout(resolve, milliseconds));
  }
  return Buffer.concat(chunks);
}

describe.each(['HTTP', 'TLS'] as const)('connections over %s that read into one memory', (scheme) => {
  it('give every reader its own bytes, whole and in order, whoever makes them wait', async () => {
    const clients = await clientsOf(scheme, 4);
    const bodies = await Promise.all(clients.map((client, n) => readSlowly(client, `/${n}`, n)));
    expect(bodies.map((body, n) => Buffer.compare(body, answerOf(`/${n}`)))).toEqual([0, 0, 0, 0]);
  });

  it('stop reading while nobody takes what came', async () => {
    const [client] = await clientsOf(scheme, 1);
    const { body } = await get(client as Client, '/0');
    await new Promise((resolve) => void setTimeout(resolve, 100));
    const { bytesRead } = sockets.at(-1) as Socket;
    expect(bytesRead).toBeLessThan(LENGTH / 2);
    expect(Buffer.compare(await body.bytes(), answerOf('/0'))).toBe(0);
  });

  it('give whole answers, one after the other on the same connection', async () => {
    const [client] = await clientsOf(scheme, 1);
    for (const path of ['/0', '/1', '/2']) {
      const bytes = await (await get(client as Client, path)).body.bytes();
      expect(Buffer.compare(bytes, answerOf(path))).toBe(0);
    }
  });
});

it('gives what waits in a connection before what comes behind it', async () => {
  const server = createServer((socket) => void socket.on('data', () => socket.write('second'))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const reads = sharedReads();
  const { port } = server.address() as AddressInfo;
  const connector: buildConnector.connector = (_, callback) => {
    const socket = connect({ port, host: '127.0.0.1', onread: reads.onread }, () => callback(null, socket));
  };
  const socket = await new Promise<Socket>((resolve) => {
    reads.adopting(connector)({ hostname: '', protocol: 'http:', port: '' }, (_, connected) => resolve(connected as Socket));
  });
  closing.push(
    () => server.close(),
    () => socket.destroy(),
  );
  socket.push('first');
  const read: string[] = [];
  const both = new Promise<void>((resolve) => {
    socket.on('readable', () => {
      if (socket.bytesRead === 0) return;
      for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) read.push(String(chunk));
      if (read.length === 2) resolve();
    });
  });
  socket.write('go on');
  await both;
  expect(read).toEqual(['first', 'second']);
});
