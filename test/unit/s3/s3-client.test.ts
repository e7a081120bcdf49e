import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyObject } from '../../../emr-steps/s3/copy-object.ts';
import { headObject } from '../../../emr-steps/s3/head-object.ts';
import type { Credentials } from '../../../emr-steps/s3/s3-client.ts';
import { S3Error } from '../../../emr-steps/s3/s3-error.ts';
import type { S3Request } from '../../../emr-steps/s3/s3-request.ts';
import { errorAnswer, failureOfPromise, KEYS, setUp } from './client-under-test.ts';
import type { ScriptedAnswer } from './scripted-server.ts';

const GET: S3Request = { operation: 'GetThing', method: 'GET', key: 'a/b' };
const COPIED: ScriptedAnswer = { body: '<?xml version="1.0"?>\n<CopyObjectResult><ETag>&quot;e1&quot;</ETag></CopyObjectResult>' };
const COPY = { key: 'k', source: { bucket: 'src', key: 's', etag: null }, storageClass: null, size: 1 } as const;

describe('S3Client.send', () => {
  it('signs and sends a request with the headers that every request has', async () => {
    const { client, server } = await setUp([{ body: 'hello', headers: { 'x-amz-request-id': 'R' } }], {
      expectedBucketOwner: '111122223333',
      requestPayer: true,
      credentials: async () => ({ ...KEYS, sessionToken: 'TOKEN' }),
    });
    const answer = await client.send({ ...GET, query: 'x=y', headers: { 'x-amz-meta-a': 'b' } });
    expect(Buffer.from(answer.bytes).toString()).toBe('hello');
    expect(answer).toMatchObject({ status: 200, attempts: 1, headers: { 'x-amz-request-id': 'R' } });
    expect(server.requests[0]).toMatchObject({ method: 'GET', url: '/books/a/b?x=y' });
    expect(server.requests[0]?.headers).toMatchObject({
      host: `127.0.0.1:${server.port}`,
      'user-agent': 'carillon/test run/r1',
      'x-amz-expected-bucket-owner': '111122223333',
      'x-amz-request-payer': 'requester',
      'x-amz-security-token': 'TOKEN',
      'x-amz-meta-a': 'b',
      authorization: expect.stringContaining('x-amz-expected-bucket-owner;x-amz-meta-a;x-amz-request-payer;x-amz-security-token'),
    });
  });

  it('sends every key byte for byte as it was signed', async () => {
    const { client, server } = await setUp([{}]);
    const keys = ['a//b', './x', '../y', 'a/./../b', 'slash/', '//', 'a b+c%41', '\u0001\n\u007f', '😀', "!'()*", 'k?x=y#z'];
    for (const key of keys) await client.send({ ...GET, key });
    const sent = server.requests.map(({ url }) => url.slice('/books/'.length));
    expect(sent.map(decodeURIComponent)).toEqual(keys);
    expect(sent.slice(0, 6)).toEqual(['a//b', './x', '../y', 'a/./../b', 'slash/', '//']);
  });

  it('sends nothing but the plain request when there are no credentials', async () => {
    const { client, server } = await setUp([{}], { credentials: null });
    await client.send(GET);
    const names = Object.keys(server.requests[0]?.headers ?? {});
    expect(names.filter((name) => name.startsWith('x-amz') || name === 'authorization')).toEqual([]);
  });

  it('names the owner of the source only where something is copied', async () => {
    const { client, server } = await setUp([COPIED, COPIED], { sourceBucketOwner: '444455556666' });
    await copyObject(client, COPY);
    await client.send(GET);
    expect(server.requests[0]?.headers['x-amz-source-expected-bucket-owner']).toBe('444455556666');
    expect(server.requests[1]?.headers).not.toHaveProperty('x-amz-source-expected-bucket-owner');
  });

  it('tries again after a throttle or a fault of the service, with growing waits', async () => {
    const { client, server, waits, events } = await setUp([
      errorAnswer(503, 'SlowDown'),
      errorAnswer(500, 'InternalError'),
      errorAnswer(502, 'X'),
      { body: 'ok' },
    ]);
    expect((await client.send(GET)).attempts).toBe(4);
    expect(server.requests).toHaveLength(4);
    expect(waits.filter((wait) => [250, 100, 200].includes(wait))).toEqual([250, 100, 200]);
    expect(events.map(({ operation, attempt, status, code }) => [operation, attempt, status, code])).toEqual([
      ['GetThing', 1, 503, 'SlowDown'],
      ['GetThing', 2, 500, 'InternalError'],
      ['GetThing', 3, 502, 'X'],
      ['GetThing', 4, 200, null],
    ]);
  });

  it('signs every attempt anew', async () => {
    let minutes = 0;
    const now = (): Date => {
      minutes += 1;
      return new Date(Date.UTC(2026, 10, 20, 0, minutes));
    };
    const { client, server } = await setUp([errorAnswer(500, 'InternalError'), {}], { now });
    await client.send(GET);
    const [first, second] = server.requests;
    expect(first?.headers['x-amz-date']).not.toBe(second?.headers['x-amz-date']);
    expect(first?.headers.authorization).not.toBe(second?.headers.authorization);
  });

  it('gives up after the last attempt with the last error', async () => {
    const { client, server } = await setUp([errorAnswer(503, 'SlowDown')], { maxAttempts: 3 });
    const error = await failureOfPromise(client.send(GET), S3Error);
    expect(error).toMatchObject({ code: 'SlowDown', status: 503, retryClass: 'throttle', attempts: 3, requestId: 'REQ1', retryable: true });
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    [403, 'AccessDenied'],
    [404, 'NoSuchKey'],
    [412, 'PreconditionFailed'],
    [501, 'NotImplemented'],
  ])('does not repeat what fails for good (%i %s)', async (status, code) => {
    const { client, server, waits } = await setUp([errorAnswer(status, code)]);
    expect(await failureOfPromise(client.send(GET), S3Error)).toMatchObject({ status, code, retryClass: 'final', attempts: 1 });
    expect(server.requests).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  it('waits as long as Retry-After says', async () => {
    const { client, waits } = await setUp([errorAnswer(503, 'SlowDown', '', { 'retry-after': '7' }), {}]);
    await client.send(GET);
    expect(Math.max(...waits)).toBe(7250);
  });

  it('lowers the rate of a prefix of which much is refused, and of no other', async () => {
    let now = 1_000_000;
    const refusals = Array.from({ length: 30 }, () => errorAnswer(503, 'SlowDown'));
    const { client, waits } = await setUp([...refusals, {}], { maxAttempts: 1, now: () => new Date(now) });
    for (let i = 0; i < 30; i++) {
      now += 50;
      await client.send({ ...GET, key: `hot/${i}` }).catch(() => undefined);
    }
    for (let i = 0; i < 30; i++) await client.send({ ...GET, key: `hot/${i}` });
    expect(waits.length).toBeGreaterThan(20);
    waits.length = 0;
    for (let i = 0; i < 30; i++) await client.send({ ...GET, key: `cold/${i}` });
    expect(waits).toEqual([]);
  });

  it('keeps below its own ceiling', async () => {
    const { client, waits } = await setUp([{}], { maxRequestsPerSecond: 10, now: () => new Date(0) });
    for (let i = 0; i < 4; i++) await client.send(GET);
    expect(waits).toEqual([50, 150, 250]);
  });

  it('takes an answer 200 with an error in it for that error', async () => {
    const inside = (code: string): ScriptedAnswer => ({ status: 200, body: `${' \n'.repeat(600)}<?xml version="1.0"?>\n<Error><Code>${code}</Code></Error>` });
    const { client, server } = await setUp([inside('InternalError'), inside('SlowDown'), inside('SomethingNew'), COPIED]);
    expect((await copyObject(client, COPY)).etag).toBe('e1');
    expect(server.requests).toHaveLength(4);
    const denied = await setUp([inside('AccessDenied')]);
    expect(await failureOfPromise(copyObject(denied.client, COPY), S3Error)).toMatchObject({ code: 'AccessDenied', status: 200, retryClass: 'final' });
  });

  it.each([
    ['an empty body', '', 'MalformedAnswer'],
    ['nothing but blanks', '   \n', 'MalformedAnswer'],
    ['another document', '<html></html>', 'MalformedAnswer'],
    ['a document without its end', '<CopyObjectResult><ETag>"e"</ETag>', 'TruncatedBody'],
  ])('takes %s for a failure that may pass', async (_what, body, code) => {
    const { client, server } = await setUp([{ body }], { maxAttempts: 2 });
    expect(await failureOfPromise(copyObject(client, COPY), S3Error)).toMatchObject({ code, status: 200, retryClass: 'transient', attempts: 2 });
    expect(server.requests).toHaveLength(2);
  });

  it.each<[string, ScriptedAnswer, string, number]>([
    ['a reset before the answer', (_response, _request, raw) => raw.socket.resetAndDestroy(), 'ConnectionReset', 0],
    ['an end before the answer', (_response, _request, raw) => raw.socket.destroy(), 'ConnectionReset', 0],
    [
      'a reset in the middle of the body',
      (response, _request, raw) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => raw.socket.resetAndDestroy());
      },
      'TruncatedBody',
      200,
    ],
    [
      'a body that is shorter than announced',
      (response, _request, raw) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => raw.socket.end());
      },
      'TruncatedBody',
      200,
    ],
    [
      'a chunked body without its last chunk',
      (response, _request, raw) => {
        response.writeHead(200);
        response.write('half', () => raw.socket.end());
      },
      'TruncatedBody',
      200,
    ],
    ['something that is no HTTP', (_response, _request, raw) => raw.socket.end('SSH-2.0-OpenSSH_9.2\r\n'), 'MalformedAnswer', 0],
  ])('tries again after %s', async (_what, fault, code, status) => {
    const { client, server, events } = await setUp([fault, { body: 'ok' }]);
    expect(Buffer.from((await client.send(GET)).bytes).toString()).toBe('ok');
    expect(server.requests).toHaveLength(2);
    expect(events[0]).toMatchObject({ code, status });
  });

  it('ends an attempt whose answer does not come in time', async () => {
    const { client, server, events } = await setUp([() => {}, { body: 'ok' }], { requestTimeoutMilliseconds: 250 });
    expect((await client.send(GET)).attempts).toBeGreaterThan(1);
    expect(events[0]).toMatchObject({ code: 'Timeout', status: 0 });
    expect(server.requests.length).toBeGreaterThan(1);
  });

  it('ends an attempt whose body does not come in time, though single bytes do', async () => {
    const drip: ScriptedAnswer = (response) => {
      response.writeHead(200, { 'content-length': '100000' });
      const timer = setInterval(() => response.write('.'), 5);
      response.on('close', () => clearInterval(timer));
    };
    const { client, events } = await setUp([drip, { body: 'ok' }], { requestTimeoutMilliseconds: 250 });
    expect((await client.send(GET)).attempts).toBeGreaterThan(1);
    expect(events[0]).toMatchObject({ code: 'Timeout', status: 200 });
  });

  it('gives a request that moves many bytes more time', async () => {
    const late: ScriptedAnswer = (response) => void setTimeout(() => response.end('ok'), 150);
    const { client } = await setUp([late], { requestTimeoutMilliseconds: 50, maxAttempts: 1 });
    expect((await failureOfPromise(client.send(GET), S3Error)).code).toBe('Timeout');
    expect((await client.send({ ...GET, payloadBytes: 100 * 1024 ** 2 })).attempts).toBe(1);
  });

  it('says that nobody listens', async () => {
    const { client, server } = await setUp([{}], { maxAttempts: 2 });
    await server.close();
    expect(await failureOfPromise(client.send(GET), S3Error)).toMatchObject({ code: 'ConnectionRefused', status: 0, retryClass: 'transient', attempts: 2 });
  });

  it('names the right Region of a bucket that is elsewhere, and does not repeat', async () => {
    const { client, server } = await setUp([errorAnswer(301, 'PermanentRedirect', '', { 'x-amz-bucket-region': 'us-west-2' })]);
    const error = await failureOfPromise(client.send(GET), S3Error);
    expect(error).toMatchObject({ region: 'us-west-2', status: 301, retryClass: 'final' });
    expect(error.message).toContain('signed for eu-central-1: set the region to us-west-2');
    expect(server.requests).toHaveLength(1);
  });

  it('corrects its clock once from the answer', async () => {
    const serverTime = Date.UTC(2026, 10, 20, 12, 0, 0);
    const skewed = errorAnswer(403, 'RequestTimeTooSkewed', '', { date: new Date(serverTime).toUTCString() });
    const { client, server, waits } = await setUp([skewed, {}, {}], { now: () => new Date(serverTime - 3_600_000) });
    expect((await client.send(GET)).attempts).toBe(1);
    await client.send(GET);
    expect(server.requests.map(({ headers }) => headers['x-amz-date'])).toEqual(['20261120T110000Z', '20261120T120000Z', '20261120T120000Z']);
    expect(waits).toEqual([]);
  });

  it('does not correct its clock twice for one request', async () => {
    const { client, server } = await setUp([errorAnswer(403, 'RequestTimeTooSkewed', '', { date: new Date().toUTCString() })]);
    expect((await failureOfPromise(client.send(GET), S3Error)).code).toBe('RequestTimeTooSkewed');
    expect(server.requests).toHaveLength(2);
  });

  it('aborts a wait and a request with the reason of the signal', async () => {
    const stop = new AbortController();
    const { client } = await setUp([errorAnswer(503, 'SlowDown')], { sleep: undefined, random: () => 0.999 });
    const sending = client.send(GET, stop.signal);
    setTimeout(() => stop.abort(new Error('told to end')), 50);
    expect((await failureOfPromise(sending, Error)).message).toBe('told to end');
    const hanging = await setUp([() => {}]);
    const second = new AbortController();
    const request = hanging.client.send(GET, second.signal);
    setTimeout(() => second.abort('stop'), 50);
    await expect(request).rejects.toBe('stop');
    await expect(hanging.client.send(GET, second.signal)).rejects.toBe('stop');
    expect(hanging.server.requests.length).toBeLessThanOrEqual(1);
  });

  it('waits for real where nothing else is given', async () => {
    const { client } = await setUp([errorAnswer(500, 'InternalError'), {}], { sleep: undefined, random: () => 0.01 });
    expect((await client.send(GET)).attempts).toBe(2);
  });

  it('sends nothing after it was closed', async () => {
    const { client, server } = await setUp([{}]);
    await client.close();
    expect(await failureOfPromise(client.send(GET), S3Error)).toMatchObject({ code: 'ClientClosed', retryClass: 'final' });
    expect(server.requests).toEqual([]);
  });

  it('refuses a key that has no UTF-8 without sending it', async () => {
    const { client, server } = await setUp([{}]);
    expect(await failureOfPromise(client.send({ ...GET, key: '\ud800' }), S3Error)).toMatchObject({ code: 'InvalidURI', retryClass: 'final', status: 0 });
    expect(server.requests).toEqual([]);
  });

  it('refuses a header that cannot be sent, as an error of that request', async () => {
    const { client } = await setUp([{}]);
    expect(await failureOfPromise(client.send({ ...GET, headers: { 'x-amz-meta-a': 'line\nbreak' } }), S3Error)).toMatchObject({ code: 'InvalidRequest' });
  });

  it('lets a mistake in the program through as it is', async () => {
    const transport = () => Promise.reject(new TypeError('a mistake'));
    const { client } = await setUp([{}], { transport });
    expect((await failureOfPromise(client.send(GET), TypeError)).message).toBe('a mistake');
  });

  it('gives every request exactly one outcome, whatever the answers', async () => {
    const step = fc.constantFrom('ok', 'slow', 'reset', 'denied', 'broken');
    const answers: Readonly<Record<string, ScriptedAnswer>> = {
      ok: COPIED,
      slow: errorAnswer(503, 'SlowDown'),
      reset: (_response, _request, raw) => raw.socket.resetAndDestroy(),
      denied: errorAnswer(403, 'AccessDenied'),
      broken: { body: '<CopyObjectResult>' },
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
        const { client, server } = await setUp(steps.map((name) => answers[name] ?? {}));
        const decisive = steps.findIndex((name) => name === 'ok' || name === 'denied');
        const last = decisive === -1 || decisive > 3 ? 4 : decisive + 1;
        const outcome = await copyObject(client, COPY).then(
          () => 'ok',
          (error: unknown) => (error as S3Error).code,
        );
        const final = steps[Math.min(last, steps.length) - 1];
        expect(server.requests).toHaveLength(last);
        expect(outcome).toBe({ ok: 'ok', denied: 'AccessDenied', slow: 'SlowDown', reset: 'ConnectionReset', broken: 'TruncatedBody' }[final ?? 'ok']);
      }),
      { numRuns: 30 },
    );
  });
});

describe('credentials of a client', () => {
  const credentials = (token: string, expiration?: Date): Credentials => ({ ...KEYS, sessionToken: token, expiration });

  it('are asked for once, by many requests at once', async () => {
    let asked = 0;
    const { client } = await setUp([{}], { credentials: async () => credentials(`t${++asked}`) });
    await Promise.all(Array.from({ length: 20 }, () => client.send(GET)));
    expect(asked).toBe(1);
  });

  it('are asked for again a minute before they run out', async () => {
    let now = Date.UTC(2026, 10, 20);
    let asked = 0;
    const provider = async () => credentials(`t${++asked}`, new Date(now + 600_000));
    const { client, server } = await setUp([{}], { credentials: provider, now: () => new Date(now) });
    for (const step of [0, 500_000, 50_000]) {
      now += step;
      await client.send(GET);
    }
    expect(server.requests.map(({ headers }) => headers['x-amz-security-token'])).toEqual(['t1', 't1', 't2']);
  });

  it('are replaced once when the service calls them expired', async () => {
    const forced: unknown[] = [];
    const { client, server, waits } = await setUp([errorAnswer(400, 'ExpiredToken'), {}], {
      credentials: async (options) => {
        forced.push(options?.forceRefresh);
        return credentials(`t${forced.length}`);
      },
    });
    expect((await client.send(GET)).attempts).toBe(1);
    expect(forced).toEqual([false, true]);
    expect(server.requests.map(({ headers }) => headers['x-amz-security-token'])).toEqual(['t1', 't2']);
    expect(waits).toEqual([]);
  });

  it('are replaced by one question for all requests that were refused at once', async () => {
    let asked = 0;
    const refuseFirst: ScriptedAnswer = (response, request) => {
      const isOld = request.headers['x-amz-security-token'] === 't1';
      response.writeHead(isOld ? 400 : 200);
      response.end(isOld ? '<Error><Code>ExpiredToken</Code></Error>' : 'ok');
    };
    const { client } = await setUp([refuseFirst], { credentials: async () => credentials(`t${++asked}`) });
    await Promise.all(Array.from({ length: 8 }, () => client.send(GET)));
    expect(asked).toBe(2);
  });

  it('are not replaced twice for one request', async () => {
    let asked = 0;
    const { client, server } = await setUp([errorAnswer(400, 'ExpiredToken')], { credentials: async () => credentials(`t${++asked}`) });
    expect((await failureOfPromise(client.send(GET), S3Error)).code).toBe('ExpiredToken');
    expect([asked, server.requests.length]).toEqual([2, 2]);
  });

  it('that cannot be replaced leave the error of the service', async () => {
    let asked = 0;
    const provider = async () => {
      asked += 1;
      if (asked > 1) throw new Error('no network');
      return credentials('t1');
    };
    const { client } = await setUp([errorAnswer(400, 'ExpiredToken')], { credentials: provider });
    expect((await failureOfPromise(client.send(GET), S3Error)).code).toBe('ExpiredToken');
  });

  it('that never come are the error of the provider', async () => {
    const { client } = await setUp([{}], { credentials: () => Promise.reject(new RangeError('no credentials')) });
    expect((await failureOfPromise(client.send(GET), RangeError)).message).toBe('no credentials');
  });

  it('are suspected once a minute behind a bare 400 to a HEAD', async () => {
    let asked = 0;
    let now = Date.UTC(2026, 10, 20);
    const { client, server } = await setUp([{ status: 400 }, { headers: { etag: '"e"' } }, { status: 400 }], {
      credentials: async () => credentials(`t${++asked}`),
      now: () => new Date(now),
    });
    expect((await headObject(client, { key: 'k' })).etag).toBe('e');
    for (let i = 0; i < 3; i++) expect((await failureOfPromise(headObject(client, { key: 'k' }), S3Error)).code).toBe('BadRequest');
    expect(asked).toBe(2);
    now += 61_000;
    await failureOfPromise(headObject(client, { key: 'k' }), S3Error);
    expect(asked).toBe(3);
    expect(server.requests).toHaveLength(7);
  });

  it('are not suspected when they are no session', async () => {
    let asked = 0;
    const { client } = await setUp([{ status: 400 }], {
      credentials: async () => {
        asked += 1;
        return KEYS;
      },
    });
    expect((await failureOfPromise(headObject(client, { key: 'k' }), S3Error)).code).toBe('BadRequest');
    expect(asked).toBe(1);
  });
});
