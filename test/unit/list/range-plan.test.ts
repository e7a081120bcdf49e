import { describe, expect, it } from 'vitest';
import { commonPrefixLength, compareKeys } from '../../../emr-steps/keyspace/byte-order.ts';
import { type PageRequest, type PageResult, RangePlan } from '../../../emr-steps/list/range-plan.ts';

const SLOTS = 32;
const KEYS = 60_000;
const PAGES = KEYS / 1000;

/** Index of the first key that is above `text`, or not below it. */
function firstBehind(keys: readonly string[], text: string, orAt = false): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareKeys(keys[middle] as string, text);
    if (order < 0 || (order === 0 && !orAt)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** As the page reader does it: the rows that part earliest, and a few others. */
function neighboursIn(page: readonly string[]): PageResult['neighbours'] {
  const byLength = new Map<number, number>();
  for (let at = page.length - 2; at >= 0; at -= 1) byLength.set(commonPrefixLength(page[at] as string, page[at + 1] as string), at);
  const earliest = [...byLength].toSorted(([a], [b]) => a - b).slice(0, 4);
  return earliest.map(([, at]) => [page[at] as string, page[at + 1] as string] as const);
}

interface Outcome {
  readonly listed: readonly string[];
  readonly requests: readonly PageRequest[];
  /** How often all requests under way were answered: the latencies that the listing takes. */
  readonly rounds: number;
}

function answer(
  keys: readonly string[],
  { range, prefix, startAfter, maxKeys }: PageRequest,
): { readonly result: PageResult; readonly kept: readonly string[] } {
  const from = Math.max(firstBehind(keys, prefix, true), startAfter === null ? 0 : firstBehind(keys, startAfter));
  const found: string[] = [];
  for (let at = from; at < keys.length && (keys[at] as string).startsWith(prefix) && found.length <= maxKeys; at += 1) found.push(keys[at] as string);
  const page = found.slice(0, maxKeys);
  const kept = page.filter((key) => range.end === null || compareKeys(key, range.end) <= 0);
  const [first = null, last = null] = [page[0], page.at(-1)];
  return { kept, result: { kept: kept.length, truncated: found.length > maxKeys, first, last, token: null, neighbours: neighboursIn(page) } };
}

/** Runs a plan against keys in memory, all answers of a round at once. */
function listAll(keys: readonly string[], slots = SLOTS): Outcome {
  const sorted = keys.toSorted(compareKeys);
  const plan = new RangePlan(slots);
  plan.add({ prefix: '', delimiter: '' }, null, null);
  const listed: string[] = [];
  const requests: PageRequest[] = [];
  let rounds = 0;
  for (let round: PageRequest[] = []; plan.open > 0; round = [], rounds += 1) {
    for (let request = round.length < slots ? plan.next() : null; request !== null; request = round.length < slots ? plan.next() : null) round.push(request);
    requests.push(...round);
    for (const request of round) {
      const { result, kept } = answer(sorted, request);
      listed.push(...kept);
      plan.settle(request, result);
    }
  }
  return { listed, requests, rounds };
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function mixed(value: number): number {
  const h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (Math.imul(h ^ (h >>> 13), 0xc2b2ae35) >>> 0) % 4_294_967_291;
}

const NUMBERS = Array.from({ length: KEYS }, (_, at) => at);
const SHAPES: Readonly<Record<string, (at: number) => string>> = {
  'flat numbers': (at) => `object-${pad(at, 12)}.json`,
  'numbers without zeros before them': (at) => `item${at}`,
  hashes: (at) => `${mixed(at).toString(16).padStart(8, '0')}${pad(at, 6)}`,
  'deep folders': (at) => `team-${pad(at % 6, 2)}/project-${pad(at % 11, 2)}/run-${pad(at % 13, 2)}/part-${pad(at, 6)}`,
  dates: (at) => `logs/year=${2022 + (at % 3)}/month=${pad(1 + (at % 12), 2)}/day=${pad(1 + (at % 28), 2)}/part-${pad(at, 6)}.gz`,
  'one long common prefix': (at) => `${'warehouse/production/'.repeat(9)}block-${pad(at, 10)}`,
  'Chinese names': (at) => `文档/${String.fromCodePoint(0x4e00 + (mixed(at) % 20_000), 0x4e00 + (mixed(at + 7) % 20_000))}-${at}`,
  'emoji and others': (at) => `${['é', '京', '\ufffd', '😀', '𠮷'][at % 5]}/${String.fromCodePoint(0x1f600 + (at % 64))}${pad(at, 6)}`,
  'one large folder beside many small ones': (at) => (at % 20 === 0 ? `small/${mixed(at).toString(36)}/x` : `large/exports/2024/full/part-${pad(at * 7, 9)}`),
};

describe.each(Object.entries(SHAPES))('a plan for %s', (_, keyAt) => {
  const keys = NUMBERS.map(keyAt);

  it('lists every key once, asks for little more than there is, and keeps all connections busy', () => {
    const { listed, requests, rounds } = listAll(keys);
    expect(listed.toSorted(compareKeys)).toEqual(keys.toSorted(compareKeys));
    expect(requests.length).toBeLessThan(6 * PAGES);
    expect(requests.reduce((sum, { maxKeys }) => sum + maxKeys, 0)).toBeLessThan(2.2 * KEYS);
    expect(rounds).toBeLessThan(PAGES / 3);
  });

  it('asks page after page where only one request may be under way', () => {
    const { listed, requests } = listAll(keys.slice(0, 12_000), 1);
    expect(new Set(listed).size).toBe(12_000);
    expect(requests.length).toBeLessThan(16);
  });
});

describe('a plan', () => {
  it('asks the service to end the page where the range ends', () => {
    const { requests } = listAll(NUMBERS.map((at) => pad(at, 6)));
    const inner = requests.filter(({ range, startAfter }) => range.end !== null && startAfter !== null);
    const longer = inner.filter(({ prefix }) => prefix.length > 0);
    expect(longer.length).toBeGreaterThan(inner.length / 2);
    for (const { prefix, startAfter, range } of requests) {
      expect(startAfter === null || startAfter.startsWith(prefix)).toBe(true);
      expect(range.end === null || range.end.startsWith(prefix)).toBe(true);
    }
  });

  it('needs one request for a prefix that fits a page, whatever could be under way', () => {
    expect(listAll(NUMBERS.slice(0, 1000).map((at) => `a${at}`)).requests).toHaveLength(1);
    expect(listAll([]).requests).toHaveLength(1);
  });

  it('never sends a bound that is longer than a key may be', () => {
    const long = NUMBERS.slice(0, 5000).map((at) => `${'京'.repeat(338)}${pad(at, 8)}`);
    const { listed, requests } = listAll(long);
    expect(listed).toHaveLength(5000);
    for (const { startAfter } of requests) expect(Buffer.byteLength(startAfter ?? '')).toBeLessThanOrEqual(1024);
  });

  it('takes the largest of the partitions that wait first, and all of them before it splits any', () => {
    const plan = new RangePlan(4);
    for (const prefix of ['a', 'b', 'c']) plan.add({ prefix, delimiter: '' }, null, null);
    const prefixes = [plan.next(), plan.next(), plan.next()].map((request) => request?.prefix);
    expect(prefixes.toSorted()).toEqual(['a', 'b', 'c']);
    expect(plan.next()).toBeNull();
    expect(plan.open).toBe(3);
  });

  it('does not let its prefix reach behind the delimiter', () => {
    const plan = new RangePlan(1);
    plan.add({ prefix: 'p/', delimiter: '/' }, 'p/a/b/1', 'p/a/b/2');
    expect(plan.next()).toMatchObject({ prefix: 'p/a', delimiter: '/', startAfter: 'p/a/b/1' });
  });
});
