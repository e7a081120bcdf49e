/** `docs/benchmarks.md`, from the results. */
import { ceilingLines } from '../ceiling.ts';
import { machineLine } from '../machine.ts';
import { figure, MIB, requestsText } from '../table.ts';
import type { Chart } from './charts.ts';
import { GOAL_HEADS, goalRows } from './goals.ts';
import { table } from './markdown-table.ts';
import type { Published, PublishedReport } from './published.ts';

const INTRODUCTION = `# Benchmarks

\`make bench\` writes this page, its charts and \`docs/benchmarks/results.json\`: it installs the peers into \`build/bench/peers\`, runs Carillon and
each of them in turn on the same store and data, and looks at what arrived. docs/measuring.md says how it measures and what a row means. A
figure is the median of its runs, with the range beside it where there was more than one; CPU is user and system time of the whole tree of
processes, memory the highest sum of its resident memory. Whoever lost keys or ETags, or ended with an error, is shown so, and hatched.
`;

const GOALS_ABOUT = `The limits were set where the best peers, s3-fast-list and s5cmd, took 8.6 CPU seconds to list a million keys and 2.5 to 3.1 for 10,000 copies. On
another machine, or beside other work, the last column tells more: how many times better than the best peer of this page whose work was right.
`;

function row(result: Published): readonly string[] {
  const { wall, processor, memory, rate, verdict, contender, runs } = result;
  const figures = [figure(wall, 2), figure(processor, 2), memory.most === 0 ? '' : figure(memory, 0, MIB), rate === null ? '' : figure(rate, 0)];
  return [contender, ...figures, String(runs), requestsText(result), verdict.isRight ? verdict.text : `**${verdict.text}**`];
}

const HEADS = ['', 'wall s', 'CPU s', 'memory MiB', 'objects/s', 'runs', 'requests', 'what arrived'];

function caseTables(results: readonly Published[]): readonly string[] {
  const names = [...new Set(results.map((result) => result.case))];
  return names.flatMap((name) => [`### ${name}\n`, table(HEADS, results.filter((result) => result.case === name).map(row))]);
}

function commandRows(results: readonly Published[]): readonly (readonly string[])[] {
  return results.map(({ case: name, contender, version, command }) => [contender, version, name, `\`${command.replaceAll('`', "'")}\``]);
}

function measuredLines({ results }: PublishedReport): readonly string[] {
  const benches = [...new Set(results.map(({ measured: { commit, load, at } }) => `commit ${commit}, ${at.slice(0, 16)}Z, load ${load.toFixed(1)} before`))];
  return ['Rows were measured at:', '', ...benches.map((bench) => `- ${bench}`), ''];
}

/** The page. @param more - further sections */
export function benchmarksPage(report: PublishedReport, charts: readonly Chart[], more: readonly string[]): string {
  const { results, machine, absent, ceiling } = report;
  return [
    INTRODUCTION,
    `The machine: ${machineLine(machine)}.\n`,
    ...measuredLines(report),
    ...(absent.length === 0 ? [] : [`Not installed, and so not measured: ${absent.join(', ')}.\n`]),
    '## Goals\n',
    GOALS_ABOUT,
    table(GOAL_HEADS, goalRows(results)),
    '## Charts\n',
    ...charts.map(({ file, title }) => `![${title}](benchmarks/${file})\n`),
    ...(ceiling === null ? [] : ['## The store\n', 'Nobody can be faster than the store that serves them:\n', '```', ...ceilingLines(ceiling), '```\n']),
    ...more,
    '## Cases\n',
    ...caseTables(results),
    '## Versions and command lines\n',
    table(['', 'version', 'case', 'command'], commandRows(results)),
  ].join('\n');
}
