import { describe, expect, it } from 'vitest';
import { describeVirtual } from '../../../../infra/local/s3-store/virtual/description.ts';

describe('the description of a virtual bucket', () => {
  it('needs a shape and a number of keys', () => {
    expect(describeVirtual('flat:1000000')).toMatchObject({ name: 'virtual-flat', role: 'source', shape: 'flat', count: 1_000_000, prefix: '' });
  });

  it('takes settings', () => {
    expect(describeVirtual('dated:5,multipart=0.05,parts=2-4,part-size=16777216,size=0,archived=0.5,changed=1,prefix=x/,name=logs')).toEqual({
      name: 'logs',
      role: 'source',
      shape: 'dated',
      count: 5,
      prefix: 'x/',
      traits: { size: { least: 0, most: 0 }, multipart: 0.05, partSize: 16_777_216, parts: { least: 2, most: 4 }, archived: 0.5, changed: 1 },
      lookUps: false,
    });
  });

  it('makes a sink of what comes after sink:', () => {
    expect(describeVirtual('sink:hashed:10')).toMatchObject({ name: 'sink-hashed', role: 'sink', shape: 'hashed', count: 10 });
    expect(describeVirtual('sink:hashed:10,look-ups=yes').lookUps).toBe(true);
  });

  it.each([
    ['round:10', 'is no shape; known are flat'],
    ['', 'is no shape'],
    ['flat', 'has no number of keys'],
    ['flat:0', 'has no number of keys'],
    ['flat:1e6', 'has no number of keys'],
    ['flat:10,colour=red', 'unknown setting "colour=red"'],
    ['flat:10,multipart', 'unknown setting'],
    ['flat:10,multipart=2', 'is no share'],
    ['flat:10,multipart=', 'is no share'],
    ['flat:10,part-size=1000', 'is no range'],
    ['flat:10,parts=0', 'is no range'],
    ['flat:10,parts=3-2', 'is no range'],
    ['flat:10,size=a', 'is no range'],
    ['flat:10,look-ups=yes', 'unknown setting'],
    ['sink:flat:10,look-ups=maybe', 'is neither yes nor no'],
  ])('refuses %j', (text, reason) => {
    expect(() => describeVirtual(text)).toThrow(reason);
  });
});
