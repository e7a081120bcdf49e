import { describe, expect, it } from 'vitest';
import { AnswerMemory } from '../../../emr-steps/s3/answer-memory.ts';

describe('the memory of answers', () => {
  it('lends as much as is asked for, and again what came back', () => {
    const memory = new AnswerMemory();
    const first = memory.take(1000);
    expect(first.length).toBeGreaterThanOrEqual(1000);
    memory.giveBack(first.subarray(0, 1000));
    const second = memory.take(1200);
    expect(second.length).toBeGreaterThanOrEqual(1200);
    expect(second.buffer).toBe(first.buffer);
  });

  it('lends room for an answer as long as the last one', () => {
    const memory = new AnswerMemory();
    memory.giveBack(memory.take(70_000));
    expect(memory.take(10).length).toBeGreaterThanOrEqual(70_000);
    expect(memory.take(10).length).toBeGreaterThanOrEqual(70_000);
  });

  it('puts an answer together from its pieces, in memory that comes back as it grows', () => {
    const memory = new AnswerMemory();
    const gathered = memory.gather();
    const pieces = [Buffer.alloc(1000, 'a'), Buffer.alloc(3000, 'b'), Buffer.alloc(9, 'c')];
    for (const piece of pieces) {
      gathered.add(piece);
      piece.fill(0);
    }
    expect(Buffer.from(gathered.bytes()).toString()).toBe('a'.repeat(1000) + 'b'.repeat(3000) + 'c'.repeat(9));
    expect(memory.take(10).buffer).not.toBe(gathered.bytes().buffer);
  });

  it('never lends the same bytes twice at once', () => {
    const memory = new AnswerMemory();
    const first = memory.take(10);
    memory.giveBack(first);
    memory.giveBack(first);
    const lent = [memory.take(10), memory.take(10), memory.take(10)];
    expect(new Set(lent.map(({ buffer }) => buffer)).size).toBe(3);
  });

  it('takes nothing that it did not lend, and keeps no more than a few', () => {
    const memory = new AnswerMemory();
    const stranger = new Uint8Array(5000);
    memory.giveBack(stranger);
    expect(memory.take(100).buffer).not.toBe(stranger.buffer);
    const lent = Array.from({ length: 40 }, () => memory.take(100));
    for (const bytes of lent) memory.giveBack(bytes);
    const again = new Set(Array.from({ length: 40 }, () => memory.take(100).buffer));
    expect(lent.filter(({ buffer }) => again.has(buffer))).toHaveLength(16);
  });
});
