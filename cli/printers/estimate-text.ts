/** An estimate for people. */
import type { RunEstimate } from '../../workflows/estimate/estimate-run.ts';
import { countText, secondsText } from './quantity.ts';

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const [left, right] = [0, 1].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) as [number, number];
  return rows.map(([name, text]) => `  ${name.padEnd(left)}  ${text.padStart(right)}`);
}

/** Requests, hours, dollars, and what they rest on. */
export function estimateText({ requests, requestsByClass, hours, cost, assumptions }: RunEstimate): string {
  const { total: allHours, ...steps } = hours;
  const { total: allDollars, ...parts } = cost;
  return [
    'requests',
    ...columns([
      ...Object.entries(requests).map(([name, count]) => [name, countText(count)] as const),
      ['of the class PUT, COPY, POST and LIST', countText(requestsByClass.write)],
      ['of the class GET and all others', countText(requestsByClass.read)],
    ]),
    'time',
    ...columns([...Object.entries(steps), ['all', allHours] as const].filter(([, each]) => each > 0).map(([name, each]) => [name, secondsText(each * 3600)])),
    'cost',
    ...columns([...Object.entries(parts), ['all', allDollars] as const].map(([name, each]) => [name, dollars(each)])),
    'assumed',
    ...assumptions.map((each) => `  ${each}`),
    '',
  ].join('\n');
}
