import { afterEach, describe, expect, it } from 'vitest';
import { type SignedRequest, type UndiciTransportOptions, undiciTransport } from '../../../emr-steps/s3/transport.ts';
import { type ScriptedAnswer, type ScriptedServer, scriptedServer } from './scripted-server.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const never = new AbortController().signal;

/** A server, a transport whose connections live 60 s (random = 1 would be all of it), and a clock that is set by hand. */
async function setUp(answers: readonly ScriptedAnswer[], options: UndiciTransportOptions = {}) {
  const server = await scriptedServer(...answers);
  const clock = { now: 1_000_000 };
  const transport = undiciTransport({ connections: 4, lifetimeMilliseconds: 60_000, now: () => clock.now, random: () => 0, ...options });
  closing.push(transport.close, server.close);
  const get = async (part: Partial<SignedRequest> = {}, signal = never): Promise<string> => {
    const { body } = await transport({ method: 'GET', origin: server.url, path: '/', headers: {}, body: null, ...part }, signal);
    return Buffer.from(await body.bytes()).toString();
  };
  return { server, clock, transport, get };
}

function connections(server: ScriptedServer): readonly number[] {
  return server.requests.map(({ connection }) => connection);
}

describe('the age of a connection', () => {
  it('ends its use after three quarters to all of its lifetime', async () => {
    const { server, clock, get } = await setUp([{ body: 'x' }]);
    const start = clock.now;
    for (const age of [0, 44_999, 45_000, 89_999, 90_000]) {
      clock.now = start + age;
      await get();
    }
    expect(connections(server)).toEqual([1, 1, 2, 2, 3]);
  });

  it('differs between connections that were opened together', async () => {
    const draws = [0, 0.999];
    const both: (() => void)[] = [];
    const together: ScriptedAnswer = (response) => {
      both.push(() => response.end('x'));
      if (both.length === 2) for (const end of both.splice(0)) end();
    };
    const { server, clock, get } = await setUp([together], { random: () => draws.shift() ?? 0 });
    await Promise.all([get(), get()]);
    clock.now += 50_000;
    await Promise.all([get(), get()]);
    const [first, second, ...later] = connections(server);
    expect([first, second]).toEqual([1, 2]);
    expect(new Set(later).has(3)).toBe(true);
    expect(later.some((connection) => connection < 3)).toBe(true);
  });

  it('is looked at between requests that wait for their turn', async () => {
    const { server, clock, get } = await setUp(
      [
        (response) => {
          clock.now += 20_000;
          response.end('x');
        },
      ],
      { connections: 1 },
    );
    await Promise.all(Array.from({ length: 9 }, () => get()));
    const [first] = connections(server);
    expect(first).toBe(1);
    expect(new Set(connections(server)).size).toBe(3);
  });

  it('never breaks a request or a body that is under way', async () => {
    const { server, clock, transport, get } = await setUp([
      (response) => {
        response.writeHead(200, { 'content-length': '8' });
        response.write('half');
        release = () => response.end('full');
      },
      { body: 'x' },
    ]);
    let release = (): void => {};
    const answer = await transport({ method: 'GET', origin: server.url, path: '/', headers: {}, body: null }, never);
    clock.now += 3_600_000;
    await get();
    release();
    expect(Buffer.from(await answer.body.bytes()).toString()).toBe('halffull');
    await get();
    expect(connections(server)).toEqual([1, 2, 2]);
  });

  it('closes the old connection', async () => {
    const ended: number[] = [];
    const { server, clock, get } = await setUp([
      (response, { connection }, raw) => {
        raw.socket.once('close', () => ended.push(connection));
        response.end('x');
      },
    ]);
    await get();
    clock.now += 60_000;
    await get();
    while (ended.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(ended).toEqual([1]);
    expect(connections(server)).toEqual([1, 2]);
  });

  it('begins anew where a server closed the connection meanwhile', async () => {
    const { server, clock, get } = await setUp([{ body: 'x', headers: { connection: 'close' } }, { body: 'x' }]);
    await get();
    clock.now += 50_000;
    await get();
    clock.now += 40_000;
    await get();
    expect(connections(server)).toEqual([1, 2, 2]);
  });
});

describe('a name with several addresses', () => {
  it('is resolved again by whoever reconnects, and answers within seconds of each other are shared', async () => {
    const asked: string[] = [];
    const { server, clock, get } = await setUp([{ body: 'x' }], {
      resolve: (name, _options, give) => {
        asked.push(name);
        give(null, [{ address: '127.0.0.1', family: 4 }]);
      },
    });
    const origin = `http://bucket.s3.example:${server.port}`;
    await Promise.all([get({ origin }), get({ origin }), get({ origin })]);
    expect(asked).toEqual(['bucket.s3.example']);
    clock.now += 60_000;
    await get({ origin });
    expect(asked).toHaveLength(2);
  });

  it('is tried at the next address where one refuses', async () => {
    const { server, get } = await setUp([{ body: 'x' }], {
      resolve: (_name, _options, give) =>
        give(null, [
          { address: '127.0.0.2', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ]),
    });
    expect(await get({ origin: `http://bucket.s3.example:${server.port}` })).toBe('x');
  });

  it('fails by its code where it has none', async () => {
    const error = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const { get } = await setUp([{ body: 'x' }], { resolve: (_name, _options, give) => give(error, []) });
    await expect(get({ origin: 'http://bucket.s3.example' })).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });
});

describe('the connections of an origin', () => {
  it('carry every request to its end among resets, early answers, given-up bodies, aborts and short lives', async () => {
    let count = 0;
    const odd: ScriptedAnswer = (response, _received, raw) => {
      count += 1;
      if (count % 7 === 0) raw.socket.destroy();
      else if (count % 11 === 0) setTimeout(() => response.end('late'), 20);
      else if (count % 13 === 0) response.writeHead(200, { connection: 'close' }).end('last');
      else response.end('x'.repeat(count % 5 === 0 ? 300_000 : 10));
    };
    let now = 0;
    const { server, transport } = await setUp([odd], { connections: 5, lifetimeMilliseconds: 40, now: () => now++, random: Math.random });
    const one = async (at: number): Promise<string> => {
      const stop = new AbortController();
      if (at % 9 === 0) setTimeout(() => stop.abort('enough'), at % 4);
      const body = at % 3 === 0 ? Buffer.from('body') : null;
      const answer = await transport({ method: body ? 'PUT' : 'GET', origin: server.url, path: `/${at}`, headers: {}, body }, stop.signal);
      if (at % 6 === 1) await answer.body.discard();
      else await answer.body.bytes();
      return 'done';
    };
    const ends = await Promise.all(Array.from({ length: 400 }, (_, at) => one(at).catch((error: unknown) => (error === 'enough' ? 'aborted' : 'failed'))));
    expect(ends).toHaveLength(400);
    expect(ends.filter((end) => end === 'done').length).toBeGreaterThan(200);
    const after = await Promise.all(Array.from({ length: 10 }, (_, at) => one(1000 + at).catch(() => 'failed')));
    expect(after).toContain('done');
  });

  it('are never more than allowed, the waiting ones of a closed transport included', async () => {
    let open = 0;
    let most = 0;
    const { server, transport } = await setUp(
      [
        (response) => {
          open += 1;
          most = Math.max(most, open);
          setTimeout(() => {
            open -= 1;
            response.end('x');
          }, 2);
        },
      ],
      { connections: 3 },
    );
    const get = () => transport({ method: 'GET', origin: server.url, path: '/', headers: {}, body: null }, never);
    await Promise.all(Array.from({ length: 30 }, async () => (await get()).body.bytes()));
    expect(most).toBe(3);
    const left = Promise.allSettled(Array.from({ length: 9 }, () => get()));
    await transport.close();
    expect(new Set((await left).map((end) => (end.status === 'rejected' ? end.reason.code : 'answered')))).toEqual(new Set(['UND_ERR_DESTROYED']));
  });
});
