import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../workflows/request/config-file.ts';
import { parseRequest } from '../../../../workflows/request/parse-request.ts';
import { RequestError } from '../../../../workflows/request/request-error.ts';

const photos = { source: { bucket: 'a' }, destination: { bucket: 'b' } };

function sentences(config: unknown): readonly string[] {
  try {
    parseConfig(config);
    return [];
  } catch (error) {
    if (error instanceof RequestError) return error.sentences;
    throw error;
  }
}

describe('a config file', () => {
  it('gives a whole request for every pair, in its order', () => {
    const requests = parseConfig({ pairs: { photos, logs: { ...photos, verify: true } } });
    expect([...requests.keys()]).toEqual(['photos', 'logs']);
    expect(requests.get('photos')).toEqual(parseRequest(photos));
    expect(requests.get('logs')?.verify).toBe(true);
  });

  it('lays pairs over the defaults member by member', () => {
    const defaults = { copy: { mode: 'streaming', tags: 'drop' }, source: { requestPayer: true }, verify: true };
    const request = parseConfig({ defaults, pairs: { photos: { ...photos, copy: { tags: 'keep' } } } }).get('photos');
    expect(request).toMatchObject({ verify: true, copy: { mode: 'streaming', tags: 'keep' }, source: { bucket: 'a', requestPayer: true } });
  });

  it('tells the problems of all pairs at once, each with its path', () => {
    expect(sentences({ pairs: { one: { ...photos, rounds: 0 }, two: { source: { bucket: 'a' } }, 'a b': photos }, colour: 'red' })).toEqual([
      'pairs.a b ("a b") is no name of a pair: 1 to 80 letters, digits, dots, hyphens and underscores',
      'colour is not known here',
    ]);
    expect(sentences({ pairs: { one: { ...photos, rounds: 0 }, two: { source: { bucket: 'a' } } } })).toEqual([
      'pairs.one.rounds (0) is too small; at least 1 is needed',
      'pairs.two.destination is missing; an object is needed',
    ]);
  });
});
