import { describe, expect, it } from 'vitest';
import { laidOver } from '../../../../workflows/request/laid-over.ts';

describe('members laid over defaults', () => {
  it('replace lists, and are replaced by null', () => {
    expect(laidOver({ filters: { include: ['a'], minSize: 1 }, next: { kind: 'event' } }, { filters: { include: ['b'] }, next: null })).toEqual({
      filters: { include: ['b'], minSize: 1 },
      next: null,
    });
  });

  it('replace an object of another form as a whole', () => {
    expect(laidOver({ cluster: { use: 'own', keep: true } }, { cluster: { use: 'given', id: 'j-1' } })).toEqual({ cluster: { use: 'given', id: 'j-1' } });
    expect(laidOver({ cluster: { use: 'own', keep: true } }, { cluster: { use: 'own', idleMinutes: 9 } })).toEqual({
      cluster: { use: 'own', keep: true, idleMinutes: 9 },
    });
  });
});
