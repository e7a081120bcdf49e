import { describe, expect, it } from 'vitest';
import { LetterPlace } from '../../../emr-steps/keyspace/letter-place.ts';

function placeBehind(text: string): LetterPlace {
  return LetterPlace.in(text, text.length);
}

describe('the place of a letter', () => {
  it('is counted behind the last slash, so that folders of other lengths do not shift it', () => {
    expect(placeBehind('a/file-').id).toBe(placeBehind('a-longer-one/file-').id);
    expect(placeBehind('a/file-').id).not.toBe(placeBehind('a/b/file-').id);
    expect(placeBehind('a/file-').id).not.toBe(placeBehind('a/file').id);
  });

  it('counts a letter of two units once', () => {
    expect(placeBehind('😀').id).toBe(placeBehind('a').id);
  });

  it('knows the letter before it', () => {
    expect(placeBehind('a1').contextId).not.toBe(placeBehind('a2').contextId);
    expect(placeBehind('a1').contextId).toBe(placeBehind('b1').contextId);
    expect(placeBehind('').contextId).not.toBe(placeBehind('a').contextId);
  });

  it('tells the places of a name of any length from those of the next level', () => {
    expect(placeBehind('x'.repeat(10_000)).id).not.toBe(placeBehind('/').id);
    expect(placeBehind('x'.repeat(10_000)).id).toBe(placeBehind('x'.repeat(5000)).id);
  });
});
