import { describe, expect, it } from 'vitest';
import { benchmarksPage } from '../../../bench/report/benchmarks-page.ts';
import { charts } from '../../../bench/report/charts.ts';
import { goalRows } from '../../../bench/report/goals.ts';
import { merged } from '../../../bench/report/published.ts';
import { type Report, type Result, RIGHT, type Run, resultOf, wrong } from '../../../bench/result.ts';

const MACHINE = { processor: 'a processor', cores: 4, memory: 2 ** 34, system: 'Linux', node: 'v24', commit: 'abc', load: 0.1, at: '2026-11-21T06:20:00Z' };

function run(wall: number, over: Partial<Run> = {}): Run {
  return {
    ...{ wall, user: wall, system: 0, memory: 2 ** 28, largestProcess: 2 ** 27, exitCode: 0, cutOff: false, requests: { CopyObject: 5 }, verdict: RIGHT },
    ...over,
  };
}

function result(name: string, contender: string, runs: readonly Run[]): Result {
  return resultOf({ case: name, contender, version: '1', command: 'do it' }, runs);
}

function report(results: readonly Result[], commit = 'abc'): Report {
  return { version: 2, machine: { ...MACHINE, commit }, results, absent: [], ceiling: null };
}

describe('several runs as one result', () => {
  it('have the median with its range, and one wrong run makes all wrong', () => {
    const several = result('list flat', 'x', [run(3), run(1, { verdict: wrong('2 keys instead of 3') }), run(2)]);
    expect(several.wall).toEqual({ median: 2, least: 1, most: 3 });
    expect(several.verdict).toEqual({ isRight: false, text: '2 keys instead of 3' });
    expect(several.rate).toBeNull();
  });

  it('have a rate by the seconds of the copying alone where these are told, else by the wall clock', () => {
    const told = run(10, { verdict: { ...RIGHT, objects: 100, seconds: 4 } });
    expect(result('copy', 'x', [told]).rate?.median).toBe(25);
    expect(result('copy', 'x', [run(10, { verdict: { ...RIGHT, objects: 100 } })]).rate?.median).toBe(10);
  });
});

describe('the published results', () => {
  it('keep older rows that were not measured again, each with its own commit', () => {
    const older = merged(null, report([result('list flat', 'x', [run(3)]), result('list flat', 'y', [run(4)])], 'old'));
    const both = merged(older, report([result('list flat', 'y', [run(2)]), result('list deep', 'y', [run(1)])], 'new'));
    expect(both.results.map((row) => [row.case, row.contender, row.wall.median, row.measured.commit])).toEqual([
      ['list flat', 'x', 3, 'old'],
      ['list flat', 'y', 2, 'new'],
      ['list deep', 'y', 1, 'new'],
    ]);
  });

  it('have no row of another checkout', () => {
    const { results } = merged(null, report([result('help', 'carillon', [run(1)]), result('help', 'carillon before', [run(2)])]));
    expect(results.map(({ contender }) => contender)).toEqual(['carillon']);
  });

  it('are held against the goals', () => {
    const { results } = merged(
      null,
      report([
        result('list flat', 'carillon', [run(1.6)]),
        result('copy 20000 small objects', 'carillon', [run(3)]),
        result('help', 'carillon', [run(0.1)]),
        result('help', 'node -e 0', [run(0.04)]),
      ]),
    );
    expect(goalRows(results).map(([, name, , value, isMet]) => [name, value, isMet])).toEqual([
      ['list flat', '1.60', '**no**'],
      ['copy 20000 small objects', '1.50', 'yes'],
      ['help', '2.50', 'yes'],
    ]);
  });

  it('are held against the best of the peers, of those whose work was right', () => {
    const late = 'copy 20 small objects, 50 ms';
    const rate = (wall: number) => run(wall, { verdict: { ...RIGHT, objects: 10_000 } });
    const { results } = merged(
      null,
      report([
        result('list flat', 'carillon', [run(1.5)]),
        result('list flat', 'carillon programs', [run(1)]),
        result('list flat', 'slow', [run(12)]),
        result('list flat', 'fast', [run(6)]),
        result('list flat', 'lossy', [run(0.5, { verdict: wrong('9 of 10') })]),
        result('list deep', 'carillon', [run(1)]),
        result(late, 'carillon', [rate(2)]),
        result(late, 'slow', [rate(4)]),
        result(late, 'fast', [rate(1)]),
      ]),
    );
    expect(goalRows(results).map(([, name, , , isMet, peer, times]) => [name, isMet, peer, times])).toEqual([
      ['list flat', 'yes', 'fast 6.00', '4.00'],
      ['list deep', 'yes', '', ''],
      [late, 'yes', 'fast 10000', '0.50'],
    ]);
  });

  it('tell whether everything arrived where that is the goal', () => {
    const kept = run(1, { verdict: { ...RIGHT, text: '200 of 200 ETags kept' } });
    const lost = run(1, { verdict: wrong('1999 of 2000 arrived') });
    const { results } = merged(
      null,
      report([result('etags', 'carillon', [kept]), result('etags', 'peer', [lost]), result('hostile keys', 'carillon', [lost])]),
    );
    expect(goalRows(results).map((row) => row.slice(0, 5))).toEqual([
      ['what arrives', 'etags', 'everything', '200 of 200 ETags kept', 'yes'],
      ['what arrives', 'hostile keys', 'everything', '1999 of 2000 arrived', '**no**'],
    ]);
  });

  it('become a page that names what was lost, and charts where it is hatched', () => {
    const lost = run(5, { verdict: wrong('19 of 20 arrived') });
    const published = merged(null, report([result('copy 20 small objects', 'carillon', [run(1)]), result('copy 20 small objects', 'peer|1', [lost])]));
    const drawn = charts(published.results);
    const page = benchmarksPage(published, drawn, ['## More\n']);
    expect(page).toContain('| peer\\|1 | 5.00 | 5.00 | 256 |  | 1 | CopyObject 5 | **19 of 20 arrived** |');
    expect(page).toContain('![CPU seconds to copy small objects](benchmarks/copy-cpu.svg)');
    expect(drawn.map(({ file }) => file)).toEqual(['copy-cpu.svg']);
    expect(drawn[0]?.svg.match(/fill="url\(#wrong\)"/g)).toHaveLength(1);
  });
});
