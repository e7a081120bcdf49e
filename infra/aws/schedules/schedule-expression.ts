/** When a schedule runs: `cron(…)` or `rate(…)` of EventBridge Scheduler, in a time zone. */
import { cronProblems } from './cron-expression.ts';

/** What is wrong with an expression; empty: nothing. */
export function expressionProblems(expression: string): readonly string[] {
  const [, kind, inner = ''] = /^(cron|rate)\((.*)\)$/.exec(expression) ?? [];
  if (kind === 'cron') return cronProblems(inner);
  if (kind === 'rate') return rateProblems(inner);
  return ['is neither cron(…) nor rate(…), such as cron(0 3 * * ? *) or rate(6 hours)'];
}

function rateProblems(inner: string): readonly string[] {
  const [, amount, unit, plural] = /^([1-9]\d{0,4}) (minute|hour|day)(s?)$/.exec(inner) ?? [];
  if (amount === undefined || unit === undefined) return ['has no rate such as 15 minutes, 6 hours or 1 day; the number is 1 to 99999'];
  const wanted = amount === '1' ? unit : `${unit}s`;
  return `${unit}${plural}` === wanted ? [] : [`has ${unit}${plural} for ${amount}; EventBridge wants ${wanted}`];
}

/** What is wrong with a time zone; null: nothing. */
export function timeZoneProblem(timeZone: string): string | null {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return /^(UTC|[A-Z][A-Za-z]+(\/[A-Za-z0-9_+-]+)+)$/.test(timeZone) ? null : 'is no name of the IANA database, such as Europe/Berlin or UTC';
  } catch {
    return 'is no name of the IANA database, such as Europe/Berlin or UTC';
  }
}
