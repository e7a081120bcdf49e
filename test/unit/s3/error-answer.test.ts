import { describe, expect, it } from 'vitest';
import { type Asked, type ErrorAnswer, errorOfAnswer, rootOf } from '../../../emr-steps/s3/error-answer.ts';

const NOW = Date.UTC(2026, 10, 20, 10, 0, 0);
const ASKED: Asked = { request: { operation: 'CopyObject', method: 'PUT', key: 'a/b' }, bucket: 'books', region: 'eu-central-1', attempt: 2, now: NOW };

function answer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): ErrorAnswer {
  return { status, headers, bytes: Buffer.from(body) };
}

describe('errorOfAnswer', () => {
  it('names operation, bucket, key, code, status and request id', () => {
    const xml = '<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>gone &amp; away</Message><RequestId>R</RequestId><HostId>H</HostId></Error>';
    const error = errorOfAnswer(answer(404, xml), ASKED);
    expect(error).toMatchObject({ operation: 'CopyObject', bucket: 'books', key: 'a/b', code: 'NoSuchKey', status: 404, retryClass: 'final', attempts: 2 });
    expect(error).toMatchObject({ requestId: 'R', hostId: 'H', reason: 'gone & away', region: null, retryable: false });
    expect(error.message).toBe('CopyObject s3://books/a/b: NoSuchKey (status 404): gone & away, request id R');
  });

  it('takes ids, Retry-After and the clock from the headers', () => {
    const headers = { 'x-amz-request-id': 'R2', 'x-amz-id-2': 'H2', 'retry-after': '2', date: new Date(NOW + 5000).toUTCString() };
    const error = errorOfAnswer(answer(503, '<Error><Code>SlowDown</Code></Error>', headers), ASKED);
    expect(error).toMatchObject({ requestId: 'R2', hostId: 'H2', retryAfterMilliseconds: 2000, serverTime: NOW + 5000, retryClass: 'throttle' });
  });

  it('never shows the keys and signatures that an error document repeats', () => {
    const secrets = '<AWSAccessKeyId>AKIA1</AWSAccessKeyId><StringToSign>STS</StringToSign><SignatureProvided>SIG</SignatureProvided><Token-0>TOK</Token-0>';
    const error = errorOfAnswer(answer(403, `<Error><Code>SignatureDoesNotMatch</Code><Message>no match</Message>${secrets}</Error>`), ASKED);
    for (const secret of ['AKIA1', 'STS', 'SIG', 'TOK']) expect(`${error.message}${JSON.stringify(error)}`).not.toContain(secret);
  });

  it('takes key ids and tokens out of the message itself, and leaves its words', () => {
    const token = 'IQoJb3JpZ2luX2VjEOb//'.repeat(10);
    const error = errorOfAnswer(
      answer(403, `<Error><Code>X</Code><Message>token ${token}== of ASIAEXAMPLE0001ZZZZZ is bad for a/b-c.txt</Message></Error>`),
      ASKED,
    );
    expect(error.reason).toBe('token (removed) of (removed) is bad for a/b-c.txt');
  });

  it('says which Region the bucket is in and what to change', () => {
    const redirect = errorOfAnswer(
      answer(301, '<Error><Code>PermanentRedirect</Code><Message>m</Message></Error>', { 'x-amz-bucket-region': 'us-west-2' }),
      ASKED,
    );
    expect(redirect.region).toBe('us-west-2');
    expect(redirect.message).toContain('set the region to us-west-2');
    const malformed = errorOfAnswer(
      answer(400, '<Error><Code>AuthorizationHeaderMalformed</Code><Message>m</Message><Region>us-west-2</Region></Error>'),
      ASKED,
    );
    expect(malformed).toMatchObject({ region: 'us-west-2', retryClass: 'final' });
    expect(malformed.message).toContain('us-west-2');
  });

  it('gives no advice where the Region is the right one', () => {
    const error = errorOfAnswer(answer(403, '', { 'x-amz-bucket-region': 'eu-central-1' }), ASKED);
    expect(error.message).not.toContain('set the region');
  });

  it.each([
    [404, {}, 'NotFound'],
    [403, {}, 'AccessDenied'],
    [403, { date: new Date(NOW + 20 * 60_000).toUTCString() }, 'RequestTimeTooSkewed'],
    [403, { date: new Date(NOW + 60_000).toUTCString() }, 'AccessDenied'],
    [400, { 'x-amz-bucket-region': 'us-west-2' }, 'AuthorizationHeaderMalformed'],
    [400, {}, 'BadRequest'],
    [412, {}, 'PreconditionFailed'],
    [503, {}, 'ServiceUnavailable'],
    [418, {}, 'Status418'],
  ])('understands a bare %i with %j as %s', (status, headers, code) => {
    expect(errorOfAnswer(answer(status, '', headers), ASKED).code).toBe(code);
  });

  it('takes the status for the code where a gateway answers in HTML', () => {
    expect(errorOfAnswer(answer(502, '<html><body>bad gateway</body></html>'), ASKED)).toMatchObject({ code: 'BadGateway', retryClass: 'transient' });
  });

  it('keeps line breaks of a key out of the message, because Hadoop reads lines of standard error', () => {
    const asked = { ...ASKED, request: { ...ASKED.request, key: 'a\nreporter:counter:x,y,1\n\u2028' } };
    expect(errorOfAnswer(answer(404, ''), asked).message).toContain('a\\u000areporter:counter:x,y,1\\u000a\\u2028');
    expect(errorOfAnswer(answer(404, '<Error><Code>X</Code><Message>a&#10;b</Message></Error>'), ASKED).reason).toBe('a\\u000ab');
  });
});

describe('rootOf', () => {
  it('finds the end of a document of any length, behind any blanks, and misses it where it is cut off', () => {
    for (const blanks of [0, 1, 40, 600]) {
      for (let length = 0; length < 700; length += 1) {
        const text = `${' '.repeat(blanks)}<A>${'x'.repeat(length)}</A>`;
        expect([blanks, length, rootOf(Buffer.from(text))]).toEqual([blanks, length, { name: 'A', closed: true }]);
        expect([blanks, length, rootOf(Buffer.from(text.slice(0, -1)))]).toEqual([blanks, length, { name: 'A', closed: false }]);
      }
    }
  });

  it.each([
    ['<A></A>', { name: 'A', closed: true }],
    ['<?xml version="1.0" encoding="UTF-8"?>\n<A xmlns="b">c</A>\n', { name: 'A', closed: true }],
    [`${' \r\n\t'.repeat(2000)}<?xml version="1.0"?><Error>x</Error>`, { name: 'Error', closed: true }],
    ['\ufeff<A/>', { name: 'A', closed: true }],
    ['<!-- c --><A b="c"/>', { name: 'A', closed: true }],
    ['<A><B/>', { name: 'A', closed: false }],
    ['<A>c', { name: 'A', closed: false }],
    ['<A>c</AB>', { name: 'A', closed: false }],
    ['<A', null],
    ['', null],
    ['   ', null],
    ['not xml', null],
  ])('reads %j', (text, root) => {
    expect(rootOf(Buffer.from(text))).toEqual(root);
  });

  it('reads a piece of a larger buffer', () => {
    const bytes = Buffer.from('xx<A></A>yy');
    expect(rootOf(bytes.subarray(2, 9))).toEqual({ name: 'A', closed: true });
  });
});
