/** Results as lines for a terminal. */
import type { Result } from './result.ts';
import type { Spread } from './spread.ts';

const MIB = 1_048_576;

function figure({ median, least, most }: Spread, digits: number, unit = 1): string {
  const text = (value: number) => (value / unit).toFixed(digits);
  return least === most ? text(median) : `${text(median)} (${text(least)}-${text(most)})`;
}

function requestsOf({ requests }: Result): string {
  return Object.entries(requests)
    .toSorted(([, a], [, b]) => b - a)
    .map(([operation, count]) => `${operation} ${count}`)
    .join(', ');
}

/** One result in one line. */
export function resultLine(result: Result): string {
  const columns = [
    result.case.padEnd(28),
    result.contender.padEnd(18),
    `wall ${figure(result.wall, 2)} s`.padEnd(26),
    `cpu ${figure(result.processor, 2)} s`.padEnd(25),
    `memory ${figure(result.memory, 0, MIB)} MiB`.padEnd(25),
    result.verdict,
  ];
  return `${columns.join(' ')}  [${requestsOf(result)}]`;
}
