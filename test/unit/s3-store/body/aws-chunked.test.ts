import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANONYMOUS } from '../../../../infra/local/s3-store/accounts.ts';
import { decodeAwsChunked, type Trailers } from '../../../../infra/local/s3-store/body/aws-chunked.ts';

const UNSIGNED = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
const NOBODY = { caller: ANONYMOUS, claim: null, secretAccessKey: '', signer: null };

async function* cut(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function decoded(encoded: string | Buffer, sizes: readonly number[] = [7]): Promise<{ readonly body: Buffer; readonly trailers: Trailers }> {
  const trailers: Trailers = new Map();
  const chunks: Uint8Array[] = [];
  for await (const chunk of decodeAwsChunked(cut(Buffer.from(encoded), sizes), UNSIGNED, NOBODY, trailers)) chunks.push(Buffer.from(chunk));
  return { body: Buffer.concat(chunks), trailers };
}

describe('aws-chunked bodies', () => {
  test('come out as they went in, however chunks and packets are cut', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 }), sizes, async (chunks, packets) => {
        const encoded = chunks.flatMap((chunk) => [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]);
        const { body, trailers } = await decoded(Buffer.concat([...encoded, Buffer.from('0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n')]), packets);
        expect(body).toEqual(Buffer.concat(chunks));
        expect([...trailers]).toEqual([['x-amz-checksum-crc32', 'AAAAAA==']]);
      }),
    );
  });

  test('trailers are optional, and so is the last empty line', async () => {
    expect((await decoded('3\r\nabc\r\n0\r\n\r\n')).body.toString()).toBe('abc');
    expect((await decoded('3\r\nabc\r\n0\r\nx-amz-checksum-sha1: v')).trailers.get('x-amz-checksum-sha1')).toBe('v');
  });

  test.each([
    ['a body that ends within a chunk', '5\r\nabc', 'IncompleteBody'],
    ['a body without a last chunk', '3\r\nabc\r\n', 'IncompleteBody'],
    ['a size that is no number', 'x\r\nabc\r\n0\r\n\r\n', 'InvalidRequest'],
    ['a chunk longer than its size', '2\r\nabc\r\n0\r\n\r\n', 'InvalidRequest'],
    ['a trailer without a colon', '0\r\nnothing\r\n\r\n', 'MalformedTrailerError'],
    ['an endless header', 'a'.repeat(20_000), 'InvalidRequest'],
  ])('%s is refused', async (_, encoded, code) => {
    await expect(decoded(encoded)).rejects.toMatchObject({ code });
  });
});
