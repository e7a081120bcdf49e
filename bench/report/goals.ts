/** What the project wants of itself, held against what was measured. */
import type { Published } from './published.ts';

/** A goal: the most, or the least, that a figure may be. */
interface Goal {
  readonly text: string;
  readonly case: RegExp;
  readonly of: (result: Published) => number | null;
  readonly limit: number;
  readonly isLeast?: boolean;
}

const COMMAND = 'carillon';
const processor = ({ processor: { median } }: Published) => median;
const wall = ({ wall: { median } }: Published) => median;
const MIB = 1_048_576;
const SMALL_OBJECTS = /^copy (\d+) small objects$/;

/** CPU seconds for 10,000 objects of a case that names their number. */
function processorPer10k(result: Published): number | null {
  const objects = Number(SMALL_OBJECTS.exec(result.case)?.[1] ?? 0);
  return objects === 0 ? null : (result.processor.median / objects) * 10_000;
}

const GOALS: readonly Goal[] = [
  { text: 'CPU seconds to list a million keys', case: /^list (flat|hashed|deep)$/, of: processor, limit: 1.5 },
  { text: 'CPU seconds to list a million keys', case: /^list (dated|long-prefix|beyond-ascii)$/, of: processor, limit: 2.5 },
  { text: 'seconds to list a million keys', case: /^list (flat|hashed|deep), 50 ms$/, of: wall, limit: 2 },
  { text: 'seconds to list a million keys', case: /^list (dated|long-prefix|beyond-ascii), 50 ms$/, of: wall, limit: 3.5 },
  { text: 'CPU seconds to copy 10,000 objects, listing to ledger', case: SMALL_OBJECTS, of: processorPer10k, limit: 2 },
  {
    text: 'copies a second in the copy step',
    case: /small objects, 50 ms$/,
    of: ({ rate }) => rate?.median ?? null,
    limit: 4000,
    isLeast: true,
  },
  { text: 'CPU seconds to compare', case: /^compare equal$/, of: processor, limit: 8 },
  { text: 'MiB to compare', case: /^compare equal$/, of: ({ memory: { median } }) => median / MIB, limit: 700 },
  { text: 'seconds of a whole run', case: /^empty bucket$/, of: wall, limit: 2.5 },
];

const OURS = /^carillon/;

/** A figure with two places behind the point, or none where it is large. */
function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}

function met(isMet: boolean): string {
  return isMet ? 'yes' : '**no**';
}

/** The best figure of somebody else in the same case, of those whose work was right, and how many times better ours is. */
function againstPeers(goal: Goal, name: string, ours: number, results: readonly Published[]): readonly [peer: string, times: string] {
  const others = results.filter((result) => result.case === name && !OURS.test(result.contender) && result.verdict.isRight);
  const figures = others.flatMap((result) => {
    const value = goal.of(result);
    return value === null || value === 0 ? [] : [{ peer: result.contender, value, times: goal.isLeast === true ? ours / value : value / ours }];
  });
  const best = figures.sort((a, b) => a.times - b.times)[0];
  return best === undefined ? ['', ''] : [`${best.peer} ${shown(best.value)}`, best.times.toFixed(2)];
}

function goalRow(goal: Goal, result: Published, results: readonly Published[]): readonly string[] | null {
  const value = goal.of(result);
  if (value === null) return null;
  const isMet = goal.isLeast === true ? value >= goal.limit : value <= goal.limit;
  const limit = `${goal.isLeast === true ? 'at least' : 'at most'} ${goal.limit.toLocaleString('en')}`;
  return [goal.text, result.case, limit, shown(value), met(isMet), ...againstPeers(goal, result.case, value, results)];
}

/** The columns of {@link goalRows}. */
export const GOAL_HEADS: readonly string[] = ['goal', 'case', 'limit', 'measured', 'met', 'best peer', 'times better than it'];

/** Lines of a table: goal, case, limit, what was measured, whether it is met, the best of the peers, and how many times better than it ours is. */
export function goalRows(results: readonly Published[]): readonly (readonly string[])[] {
  const rows = GOALS.flatMap((goal) =>
    results
      .filter((result) => goal.case.test(result.case) && result.contender === COMMAND)
      .flatMap((result) => {
        const row = goalRow(goal, result, results);
        return row === null ? [] : [row];
      }),
  );
  return [...rows, ...arrivalRows(results), ...startRow(results)];
}

/** What has to be carried whole. */
function arrivalRows(results: readonly Published[]): readonly (readonly string[])[] {
  return results
    .filter((result) => result.contender === COMMAND && /^(etags|hostile keys)$/.test(result.case))
    .map(({ case: name, verdict }) => ['what arrives', name, 'everything', verdict.text, met(verdict.isRight), '', '']);
}

/** Starting the command, against starting Node. */
function startRow(results: readonly Published[]): readonly (readonly string[])[] {
  const help = (contender: string) => results.find((result) => result.case === 'help' && result.contender === contender)?.wall.median;
  const [ours, bare] = [help(COMMAND), help('node -e 0')];
  if (ours === undefined || bare === undefined) return [];
  return [['times bare `node -e 0` to start', 'help', 'at most 3', (ours / bare).toFixed(2), met(ours <= 3 * bare), '', '']];
}
