import { describe, expect, it } from 'vitest';
import { AnswerMemory } from '../../../emr-steps/s3/answer-memory.ts';

describe('the memory of answers', () => {
  it('lends as much as is asked for, and again what came back', () => {
    const memory = new AnswerMemory();
    const first = memory.take(1000);
    expect(first).toHaveLength(1000);
    memory.giveBack(first);
    const second = memory.take(1200);
    expect(second).toHaveLength(1200);
    expect(second.buffer).toBe(first.buffer);
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
    const lent = Array.from({ length: 20 }, () => memory.take(100));
    for (const bytes of lent) memory.giveBack(bytes);
    const again = new Set(Array.from({ length: 20 }, () => memory.take(100).buffer));
    expect(lent.filter(({ buffer }) => again.has(buffer))).toHaveLength(4);
  });
});
