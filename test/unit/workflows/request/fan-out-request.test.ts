import { describe, expect, it } from 'vitest';
import { isFanOut, MOST_CHILDREN, parseFanOut } from '../../../../workflows/request/fan-out-request.ts';
import type { RequestError } from '../../../../workflows/request/request-error.ts';

const SIDES = { source: { bucket: 'from' }, destination: { bucket: 'into' } };

function sentences(input: unknown): readonly string[] {
  try {
    parseFanOut(input);
    return [];
  } catch (error) {
    return (error as RequestError).sentences;
  }
}

describe('a fan-out over part files', () => {
  it('is a run for each file, all between the same buckets', () => {
    const { runs, concurrency, tries, toleratedFailures } = parseFanOut({ base: { ...SIDES, rounds: 2 }, partFiles: ['s3://parts/a', 's3://parts/b'] });
    expect({ concurrency, tries, toleratedFailures }).toEqual({ concurrency: 40, tries: 2, toleratedFailures: 0 });
    expect(runs.map(({ name }) => name)).toEqual(['part-001', 'part-002']);
    expect(runs[1]?.input).toEqual({ ...SIDES, rounds: 2, partitions: { from: 'file', location: 's3://parts/b' } });
    expect(runs[1]?.request).toMatchObject({ rounds: 2, source: { bucket: 'from' }, partitions: { location: 's3://parts/b' } });
  });

  it('tells what is wrong with the base once', () => {
    expect(sentences({ base: { ...SIDES, rounds: 99 }, partFiles: ['s3://parts/a', 's3://parts/b'] })).toEqual([
      'base.rounds (99) is too large; at most 10 is allowed',
    ]);
  });

  it('takes no file twice', () => {
    expect(sentences({ base: SIDES, partFiles: ['s3://parts/a', 's3://parts/a'] })).toEqual(['part-001 and part-002 are the same work']);
  });
});

describe('a fan-out over pairs', () => {
  it('lays what a pair says over the base, member by member', () => {
    const base = { source: { bucket: 'from', region: 'eu-central-1' }, diff: { engine: 'hive' }, filters: { include: ['a', 'b'] } };
    const pairs = { photos: { source: { prefix: 'photos/' }, destination: { bucket: 'photos' }, filters: { include: ['c'] } } };
    expect(parseFanOut({ base, pairs }).runs.map(({ name, input }) => ({ name, input }))).toEqual([
      {
        name: 'photos',
        input: {
          source: { bucket: 'from', region: 'eu-central-1', prefix: 'photos/' },
          destination: { bucket: 'photos' },
          diff: { engine: 'hive' },
          filters: { include: ['c'] },
        },
      },
    ]);
  });

  it('takes a cluster of another form as a whole', () => {
    const base = { ...SIDES, cluster: { use: 'own', keep: true } };
    const { runs } = parseFanOut({ base, pairs: { one: { cluster: { use: 'given', id: 'j-2AXXXXXXGAPLF' } } } });
    expect(runs[0]?.request.cluster).toEqual({ use: 'given', id: 'j-2AXXXXXXGAPLF' });
  });

  it('tells every problem of every pair with its path', () => {
    const pairs = { one: { source: { bucket: 'a' }, destination: { bucket: 'a' } }, two: { source: { bucket: 'a' }, colour: 'red' } };
    expect(sentences({ pairs })).toEqual([
      'pairs.one.destination is the source itself; another bucket, prefix or endpoint is needed',
      expect.stringMatching(/^pairs\.two\.destination is missing/),
      'pairs.two.colour is not known here',
    ]);
  });

  it('takes no pair twice, whatever its name', () => {
    expect(sentences({ pairs: { one: SIDES, two: SIDES } })).toEqual(['one and two are the same work']);
  });

  it('takes a pair beside its part files only where every run of it has one', () => {
    const part = (name: string) => ({ ...SIDES, partitions: { from: 'file', location: `s3://parts/${name}` } });
    expect(sentences({ pairs: { one: part('a'), two: part('b'), all: SIDES } })).toEqual(['one and all are the same work']);
    expect(sentences({ pairs: { all: SIDES, one: part('a') } })).toEqual(['all and one are the same work']);
    expect(sentences({ pairs: { one: part('a'), two: part('b') } })).toEqual([]);
  });

  it('takes only names that an execution may have', () => {
    expect(sentences({ pairs: { 'a b': SIDES } })).toEqual([expect.stringMatching(/a b.*is no name of a pair/)]);
  });
});

describe('the request of a fan-out', () => {
  it.each([
    [{ base: SIDES }, 'either partFiles or pairs are needed, and not both'],
    [{ partFiles: ['s3://parts/a'], pairs: { one: SIDES } }, 'either partFiles or pairs are needed, and not both'],
    [{ base: SIDES, partFiles: ['s3://parts/a'], concurrency: 41 }, 'concurrency (41) is too large; at most 40 is allowed'],
    [{ base: SIDES, partFiles: ['s3://parts/a'], colour: 'red' }, 'colour is not known here'],
  ])('%j is refused', (input, sentence) => {
    expect(sentences(input)).toEqual([sentence]);
  });

  it('asks for no more runs than an execution has events for, and for no more bytes than a state holds', () => {
    const partFiles = (count: number, length: number) => Array.from({ length: count }, (_, at) => `s3://parts/${String(at).padStart(length, '0')}`);
    expect(sentences({ base: SIDES, partFiles: partFiles(MOST_CHILDREN + 1, 4) })).toEqual(['301 runs are asked for; at most 300 fit into one fan-out']);
    expect(sentences({ base: SIDES, partFiles: partFiles(MOST_CHILDREN, 700) })).toEqual([expect.stringMatching(/take \d+ bytes; at most 200000/)]);
    expect(sentences({ base: SIDES, partFiles: partFiles(MOST_CHILDREN, 400) })).toEqual([]);
  });

  it('is told apart from the request of a run', () => {
    expect([isFanOut({ pairs: {} }), isFanOut({ partFiles: [] }), isFanOut(SIDES), isFanOut(null)]).toEqual([true, true, false, false]);
  });
});
