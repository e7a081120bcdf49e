import { describe, expect, it } from 'vitest';
import { expressionProblems, timeZoneProblem } from '../../../../infra/aws/schedules/schedule-expression.ts';

describe('an expression', () => {
  it.each([
    'rate(1 minute)',
    'rate(5 minutes)',
    'rate(1 day)',
    'cron(0 3 * * ? *)',
    'cron(0/15 8-18 ? * MON-FRI *)',
    'cron(30 0 L * ? *)',
    'cron(0 9 15W * ? 2026-2030)',
    'cron(0 9 LW JAN,jul ? *)',
    'cron(0 10 ? * 6#3 *)',
    'cron(0 10 ? * FRIL *)',
    'cron(*/10 * 1,15 1/3 ? *)',
    'cron(0 0 29 2 ? *)',
  ])('%s is taken', (expression) => {
    expect(expressionProblems(expression)).toEqual([]);
  });

  it.each([
    ['every day', 'neither cron'],
    ['rate(1 minutes)', 'minute'],
    ['rate(5 minute)', 'minutes'],
    ['rate(0 days)', 'rate such as'],
    ['rate(1.5 hours)', 'rate such as'],
    ['rate(1 week)', 'rate such as'],
    ['cron(0 3 * * ?)', '5 fields; six'],
    ['cron(0  3 * * ? *)', 'one space'],
    ['cron(60 3 * * ? *)', 'minutes: "60" is not within 0 to 59'],
    ['cron(0 24 * * ? *)', 'hours'],
    ['cron(0 0 0 * ? *)', 'day of month'],
    ['cron(0 0 ? 13 MON *)', 'month'],
    ['cron(0 0 ? * 8 *)', 'day of week'],
    ['cron(0 0 ? * 0 *)', 'day of week'],
    ['cron(0 0 * * ? 1969)', 'year'],
    ['cron(0 18-8 * * ? *)', 'ends before it begins'],
    ['cron(0/0 3 * * ? *)', 'step'],
    ['cron(0 3 * * * *)', 'exactly one'],
    ['cron(0 3 ? * ? *)', 'exactly one'],
    ['cron(0 3 1 * MON *)', 'exactly one'],
    ['cron(? 3 * * ? *)', 'minutes'],
    ['cron(0 3 32W * ? *)', 'day of month'],
    ['cron(0 3 ? * 6#6 *)', 'day of week'],
    ['cron(0 3 30 2 ? *)', 'never run'],
    ['cron(0 3 31 APR,JUN ? *)', 'never run'],
    ['at(2026-01-01T00:00:00)', 'neither cron'],
  ])('%s is refused: %s', (expression, why) => {
    expect(expressionProblems(expression).join('; ')).toContain(why);
  });

  it('names every field that is wrong', () => {
    expect(expressionProblems('cron(61 25 ? 14 9 *)')).toHaveLength(4);
  });
});

describe('a time zone', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+3'])('%s is one', (zone) => {
    expect(timeZoneProblem(zone)).toBeNull();
  });

  it.each(['Berlin', 'CEST', 'Europe/Berlni', '+02:00', ''])('%j is none', (zone) => {
    expect(timeZoneProblem(zone)).toContain('IANA');
  });
});
