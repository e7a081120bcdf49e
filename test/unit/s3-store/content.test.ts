import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Content } from '../../../infra/local/s3-store/content.ts';
import { JoinedContent, joinContents } from '../../../infra/local/s3-store/joined-content.ts';
import { MemoryContent, memorySink } from '../../../infra/local/s3-store/memory-content.ts';

async function bytesOf(content: Content, start = 0, end = content.size): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content.read(start, end)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

describe('joined contents', () => {
  test('read and slice like one piece of bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 5 }), { maxLength: 5 }), fc.nat(30), fc.nat(30), async (pieces, a, b) => {
        const whole = Buffer.concat(pieces);
        const [start, end] = [Math.min(a, b, whole.length), Math.min(Math.max(a, b), whole.length)];
        const joined = new JoinedContent(pieces.map((piece) => new MemoryContent(piece)));
        expect(joined.size).toBe(whole.length);
        expect(await bytesOf(joined, start, end)).toEqual(whole.subarray(start, end));
        const slice = joined.slice(start, end);
        expect(await bytesOf(slice)).toEqual(whole.subarray(start, end));
        expect(await slice.md5()).toBe(md5(whole.subarray(start, end)));
      }),
    );
  });

  test('a slice that is exactly one part is that part, so that its MD5 is known already', () => {
    const parts = [new MemoryContent(Buffer.from('abc')), new MemoryContent(Buffer.from('defg'))];
    const joined = joinContents(parts);
    expect(joined.slice(3, 7)).toBe(parts[1]);
    expect(joined.slice(0, 3)).toBe(parts[0]);
    expect(joined.slice(0, 7).size).toBe(7);
  });

  test('large contents are hashed in turns', async () => {
    const bytes = randomBytes(9 * 1024 * 1024 + 3);
    const content = new MemoryContent(bytes);
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    expect(await content.md5()).toBe(md5(bytes));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });
});

describe('the memory sink', () => {
  test('keeps a copy, since the connection uses its buffers again', async () => {
    const sink = memorySink();
    const chunk = Buffer.from('abc');
    sink.write(chunk);
    const content = await sink.finish('900150983cd24fb0d6963f7d28e17f72');
    chunk.fill(0);
    expect((await bytesOf(content)).toString()).toBe('abc');
    expect(await content.md5()).toBe('900150983cd24fb0d6963f7d28e17f72');
  });
});
