import { describe, expect, it } from 'vitest';
import { drawUpBooks } from '../../../../emr-steps/books/books.ts';
import { runStatus } from '../../../../workflows/events/run-output.ts';

const listed = { objects: 3, bytes: 30 };
const none = { objects: 0, bytes: 0 };

describe('the status of a run', () => {
  it('is succeeded where the books balance and nothing failed, skipped objects or not', () => {
    const books = drawUpBooks(listed, none, [
      { outcome: 'copied', reason: null, objects: 2, bytes: 20 },
      { outcome: 'skipped', reason: 'archived', objects: 1, bytes: 10 },
    ]);
    expect(runStatus(books)).toBe('succeeded');
  });

  it('is partial where the books balance and an object failed', () => {
    expect(runStatus(drawUpBooks(listed, { objects: 2, bytes: 20 }, [{ outcome: 'failed', reason: 'access-denied', objects: 1, bytes: 10 }]))).toBe('partial');
  });

  it('is failed where the books do not balance, and where there are none', () => {
    expect(runStatus(drawUpBooks(listed, none, [{ outcome: 'copied', reason: null, objects: 2, bytes: 20 }]))).toBe('failed');
    expect(runStatus(null)).toBe('failed');
  });
});
