/** Results as lines for a terminal. */
import type { Result } from './result.ts';
import type { Spread } from './spread.ts';

/** Bytes of one. */
export const MIB = 1_048_576;

/** The median, with the range where there is one. @param unit - what the figure is divided by */
export function figure({ median, least, most }: Spread, digits: number, unit = 1): string {
  const text = (value: number) => (value / unit).toFixed(digits);
  return least === most ? text(median) : `${text(median)} (${text(least)}-${text(most)})`;
}

/** Requests by operation, the most first. */
export function requestsText({ requests }: Pick<Result, 'requests'>): string {
  return Object.entries(requests)
    .toSorted(([, a], [, b]) => b - a)
    .map(([operation, count]) => `${operation} ${count}`)
    .join(', ');
}

/** One result in one line. */
export function resultLine(result: Result): string {
  const columns = [
    result.case.padEnd(34),
    result.contender.padEnd(18),
    `wall ${figure(result.wall, 2)} s`.padEnd(26),
    `cpu ${figure(result.processor, 2)} s`.padEnd(26),
    `memory ${figure(result.memory, 0, MIB)} MiB`.padEnd(25),
    ...(result.rate === null ? [] : [`${figure(result.rate, 0)}/s`.padEnd(20)]),
    result.verdict.text,
  ];
  return `${columns.join(' ')}  [${requestsText(result)}]`;
}
