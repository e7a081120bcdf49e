import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { AnswerMemory } from '../../../emr-steps/s3/answer-memory.ts';
import { type SignedRequest, undiciTransport } from '../../../emr-steps/s3/transport.ts';
import { type ScriptedAnswer, type ScriptedServer, scriptedServer } from './scripted-server.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function setUp(answers: readonly ScriptedAnswer[], connections = 4) {
  const server = await scriptedServer(...answers);
  const transport = undiciTransport({ connections, keepAliveMilliseconds: 1000, connectMilliseconds: 1000 });
  closing.push(transport.close, server.close);
  return { server, transport };
}

function request(server: ScriptedServer, part: Partial<SignedRequest> = {}): SignedRequest {
  return { method: 'GET', origin: server.url, path: '/', headers: {}, body: null, ...part };
}

const never = new AbortController().signal;

async function text(body: { bytes(): Promise<Uint8Array> }): Promise<string> {
  return Buffer.from(await body.bytes()).toString();
}

describe('undiciTransport', () => {
  it('sends path, headers and bytes as they are and gives status, headers and body', async () => {
    const { server, transport } = await setUp([{ status: 201, headers: { 'X-Amz-Meta-A': Buffer.from('ä', 'utf8').toString('latin1') }, body: 'hello' }]);
    const path = '/a//./../b%20c?x=%2F';
    const answer = await transport(request(server, { method: 'PUT', path, headers: { 'x-amz-meta-b': 'ö' }, body: Buffer.from('body') }), never);
    expect(answer.status).toBe(201);
    expect(Buffer.from(answer.headers['x-amz-meta-a'] ?? '', 'latin1').toString('utf8')).toBe('ä');
    expect(await text(answer.body)).toBe('hello');
    expect(server.requests[0]).toMatchObject({ method: 'PUT', url: path, headers: { 'x-amz-meta-b': 'ö', 'content-length': '4' } });
    expect(server.requests[0]?.body.toString()).toBe('body');
  });

  it('puts a whole answer into the memory that it is given, in however many pieces it comes', async () => {
    const body = Buffer.alloc(900_000, 'abc');
    const { server, transport } = await setUp([{ body }, { body: '' }, { body: 'short' }]);
    const memory = new AnswerMemory();
    const whole = async () => (await transport({ ...request(server), memory }, never)).body.bytes();
    const bytes = await whole();
    expect(Buffer.compare(bytes, body)).toBe(0);
    memory.giveBack(bytes);
    expect(await whole()).toHaveLength(0);
    const short = await whole();
    expect(Buffer.from(short).toString()).toBe('short');
    expect(short.buffer).toBe(bytes.buffer);
  });

  it('iterates an answer that is put into memory', async () => {
    const body = Buffer.alloc(900_000, 'abc');
    const { server, transport } = await setUp([{ body }]);
    const { body: answer } = await transport({ ...request(server), memory: new AnswerMemory() }, never);
    const pieces: Uint8Array[] = [];
    for await (const piece of answer) pieces.push(piece);
    expect(Buffer.compare(Buffer.concat(pieces), body)).toBe(0);
  });

  it('joins a header that comes twice', async () => {
    const { server, transport } = await setUp([
      (response) => {
        response.setHeader('x-amz-meta-a', ['1', '2']);
        response.end();
      },
    ]);
    expect((await transport(request(server), never)).headers['x-amz-meta-a']).toBe('1, 2');
  });

  it('keeps the connection for the next request, after HEAD too', async () => {
    const { server, transport } = await setUp([{ body: 'x' }], 1);
    for (const method of ['HEAD', 'GET', 'HEAD', 'PUT', 'DELETE']) await (await transport(request(server, { method }), never)).body.bytes();
    expect(new Set(server.requests.map(({ connection }) => connection)).size).toBe(1);
    expect(server.requests.map(({ method }) => method)).toEqual(['HEAD', 'GET', 'HEAD', 'PUT', 'DELETE']);
  });

  it('opens no more connections than it may', async () => {
    const slow: ScriptedAnswer = (response) => void setTimeout(() => response.end('x'), 5);
    const { server, transport } = await setUp([slow], 2);
    const answers = await Promise.all(Array.from({ length: 20 }, async () => text((await transport(request(server), never)).body)));
    expect(answers).toEqual(Array(20).fill('x'));
    expect(new Set(server.requests.map(({ connection }) => connection)).size).toBeLessThanOrEqual(2);
  });

  it('sends a stream with its length', async () => {
    const { server, transport } = await setUp([{}]);
    async function* parts() {
      yield Buffer.from('one ');
      yield Buffer.from('two');
    }
    await (await transport(request(server, { method: 'PUT', headers: { 'content-length': '7' }, body: parts() }), never)).body.bytes();
    expect(server.requests[0]?.body.toString()).toBe('one two');
    expect(server.requests[0]?.headers).toMatchObject({ 'content-length': '7' });
    expect(server.requests[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  it('fails with the error of the stream that it sends', async () => {
    const { server, transport } = await setUp([{}]);
    const mistake = new Error('the source broke');
    async function* parts() {
      yield Buffer.from('one ');
      throw mistake;
    }
    await expect(transport(request(server, { method: 'PUT', headers: { 'content-length': '7' }, body: parts() }), never)).rejects.toBe(mistake);
  });

  it('refuses a stream of another length than announced', async () => {
    const { server, transport } = await setUp([{}]);
    async function* parts() {
      yield Buffer.from('too much for this');
    }
    const sending = transport(request(server, { method: 'PUT', headers: { 'content-length': '7' }, body: parts() }), never);
    await expect(sending).rejects.toMatchObject({ code: 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH' });
  });

  it('gives the body piece by piece and holds the sender back while nobody reads', async () => {
    const total = 64 * 1024 * 1024;
    let sent = 0;
    const flood: ScriptedAnswer = (response) => {
      response.writeHead(200, { 'content-length': String(total) });
      const chunk = Buffer.alloc(65_536, 7);
      const more = (): void => {
        while (sent < total) {
          sent += chunk.length;
          if (!response.write(chunk)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    };
    const { server, transport } = await setUp([flood]);
    const answer = await transport(request(server), never);
    let before = -1;
    while (before !== sent) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(sent).toBeLessThan(total / 2);
    let received = 0;
    for await (const chunk of answer.body) received += chunk.length;
    expect(received).toBe(total);
  });

  it('resumes a body that was held back when all of it is wanted', async () => {
    const body = Buffer.alloc(8 * 1024 * 1024, 1);
    const { server, transport } = await setUp([{ body }]);
    const answer = await transport(request(server), never);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await answer.body.bytes()).length).toBe(body.length);
  });

  it('ends the request with the reason of the signal, and listens to it no longer', async () => {
    const { server, transport } = await setUp([() => {}, { body: 'x' }]);
    const stop = new AbortController();
    const waiting = transport(request(server), stop.signal);
    setTimeout(() => stop.abort('enough'), 20);
    await expect(waiting).rejects.toBe('enough');
    await expect(transport(request(server), stop.signal)).rejects.toBe('enough');
    const other = new AbortController();
    await (await transport(request(server), other.signal)).body.bytes();
    expect(getEventListeners(other.signal, 'abort')).toHaveLength(0);
  });

  it('fails every request where nobody listens, those too that wait for a connection', async () => {
    const transport = undiciTransport({ connections: 2 });
    const send = () => transport({ method: 'GET', origin: 'http://127.0.0.1:9', path: '/', headers: {}, body: null }, AbortSignal.timeout(30_000));
    const ends = await Promise.allSettled(Array.from({ length: 7 }, send));
    expect(ends.map((end) => (end.status === 'rejected' ? (end.reason as NodeJS.ErrnoException).code : 'answered'))).toEqual(Array(7).fill('ECONNREFUSED'));
    await transport.close();
  });

  it('ends a request that still waits for a connection', async () => {
    const { server, transport } = await setUp([() => {}], 1);
    const first = new AbortController();
    const stop = new AbortController();
    const occupying = transport(request(server), first.signal).catch((error: unknown) => error);
    const queued = transport(request(server), stop.signal);
    stop.abort('enough');
    await expect(queued).rejects.toBe('enough');
    first.abort('done');
    expect(await occupying).toBe('done');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.requests.length).toBeLessThanOrEqual(1);
  });

  it('ends the body with the reason of the signal', async () => {
    const half: ScriptedAnswer = (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
    };
    const { server, transport } = await setUp([half]);
    for (const read of ['bytes', 'iterate'] as const) {
      const stop = new AbortController();
      const { body } = await transport(request(server), stop.signal);
      setTimeout(() => stop.abort(new Error('enough')), 20);
      const reading = read === 'bytes' ? body.bytes() : consume(body);
      await expect(reading).rejects.toThrow('enough');
      await expect(body.bytes()).rejects.toThrow('enough');
    }
  });

  it('closes the connection of a body that is given up, by discard or by a loop that is left', async () => {
    const endless: ScriptedAnswer = (response, _request, raw) => {
      const timer = setInterval(() => response.write('x'.repeat(1000)), 1);
      raw.socket.on('close', () => clearInterval(timer));
    };
    const { server, transport } = await setUp([endless, endless, { body: 'x' }], 1);
    await (await transport(request(server), never)).body.discard();
    for await (const chunk of (await transport(request(server), never)).body) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(await text((await transport(request(server), never)).body)).toBe('x');
    expect(new Set(server.requests.map(({ connection }) => connection)).size).toBe(3);
  });

  it('keeps the connection when a body that has come whole is given up', async () => {
    const { server, transport } = await setUp([{ body: 'x' }], 1);
    const answer = await transport(request(server), never);
    expect(await consume(answer.body)).toBe(1);
    await answer.body.discard();
    await (await transport(request(server), never)).body.bytes();
    expect(server.requests[1]?.connection).toBe(1);
  });

  it('ends what is under way when it is closed', async () => {
    const { server, transport } = await setUp([() => {}]);
    const waiting = transport(request(server), never);
    setTimeout(() => void transport.close(), 20);
    await expect(waiting).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' });
  });
});

async function consume(body: AsyncIterable<Uint8Array>): Promise<number> {
  let count = 0;
  for await (const chunk of body) count += chunk.length;
  return count;
}
