/** The charts of the benchmarks: what each shows, of which cases. */
import { figure } from '../table.ts';
import { type Bar, type BarGroup, barChart } from './bar-chart.ts';
import type { Published } from './published.ts';

/** A chart, and where it lies in the docs' folder. */
export interface Chart {
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

type Measure = (result: Published) => { readonly value: number; readonly text: string } | null;

const processor: Measure = ({ processor: spread }) => ({ value: spread.median, text: `${figure(spread, 2)} s` });
const wall: Measure = ({ wall: spread, verdict }) => ({ value: spread.median, text: `${figure(spread, 2)} s${verdict.isRight ? '' : ', not right'}` });
const rate: Measure = ({ rate: spread }) => (spread === null ? null : { value: spread.median, text: figure(spread, 0) });

interface Plan {
  readonly file: string;
  readonly title: string;
  /** Beginnings of the cases' names, with the heading of their bars. */
  readonly groups: readonly (readonly [startsWith: string, heading: string])[];
  readonly measure: Measure;
  readonly isCase: (name: string) => boolean;
}

const isLate = (name: string) => name.endsWith(' ms');
const SHAPES = [
  ['list flat', 'flat'],
  ['list hashed', 'hashed'],
  ['list deep', 'deep'],
] as const;

const PLANS: readonly Plan[] = [
  { file: 'list-cpu.svg', title: 'CPU seconds to list a bucket', groups: SHAPES, measure: processor, isCase: (name) => !isLate(name) },
  { file: 'list-latency.svg', title: 'seconds to list a bucket, every answer 50 ms late', groups: SHAPES, measure: wall, isCase: isLate },
  { file: 'copy-cpu.svg', title: 'CPU seconds to copy small objects', groups: [['copy ', '']], measure: processor, isCase: (name) => !isLate(name) },
  { file: 'copy-rate.svg', title: 'copies a second, every answer 50 ms late, 256 under way', groups: [['copy ', '']], measure: rate, isCase: isLate },
  { file: 'compare-cpu.svg', title: 'CPU seconds to compare two equal buckets', groups: [['compare equal', '']], measure: processor, isCase: () => true },
];

function barsOf(results: readonly Published[], { measure, isCase }: Plan, startsWith: string): readonly Bar[] {
  return results
    .filter((result) => result.case.startsWith(startsWith) && isCase(result.case))
    .flatMap((result) => {
      const measured = measure(result);
      const about = { name: result.contender, isOurs: result.contender.startsWith('carillon'), isWrong: !result.verdict.isRight };
      return measured === null ? [] : [{ ...about, ...measured }];
    });
}

/** Every chart of which something was measured. */
export function charts(results: readonly Published[]): readonly Chart[] {
  return PLANS.flatMap((plan) => {
    const groups: readonly BarGroup[] = plan.groups
      .map(([startsWith, heading]) => ({ heading, bars: barsOf(results, plan, startsWith) }))
      .filter(({ bars }) => bars.length > 0);
    return groups.length === 0 ? [] : [{ file: plan.file, title: plan.title, svg: barChart(plan.title, groups) }];
  });
}
