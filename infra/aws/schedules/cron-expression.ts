/** The cron expressions of EventBridge: six fields, read whole, so that a mistake ends the synthesis and not a night in which nothing ran. */

/** One of the six fields. */
interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of values, the first one that of the least value. */
  readonly names: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const FIELDS: readonly Field[] = [
  { name: 'minutes', least: 0, most: 59, names: [] },
  { name: 'hours', least: 0, most: 23, names: [] },
  { name: 'day of month', least: 1, most: 31, names: [] },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  { name: 'day of week', least: 1, most: 7, names: DAYS },
  { name: 'year', least: 1970, most: 2199, names: [] },
];

const DAY_OF_MONTH = 2;
const MONTH = 3;
const DAY_OF_WEEK = 4;

/** Days of each month in a leap year. */
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What is wrong with the words between the brackets of `cron(…)`; empty: nothing. */
export function cronProblems(text: string): readonly string[] {
  const words = text.split(' ');
  if (words.length !== FIELDS.length || words.includes('')) {
    const names = FIELDS.map(({ name }) => name).join(', ');
    return [`has ${words.filter((word) => word !== '').length} fields; six are needed, with one space between them: ${names}`];
  }
  const problems = FIELDS.flatMap((field, at) => fieldProblems(field, String(words[at]), at));
  return problems.length > 0 ? problems : [...questionMarkProblems(words), ...neverProblems(words)];
}

function fieldProblems(field: Field, word: string, at: number): readonly string[] {
  if (word === '?' && (at === DAY_OF_MONTH || at === DAY_OF_WEEK)) return [];
  if (isSpecial(word, at)) return [];
  return word.split(',').flatMap((item) => itemProblem(field, item) ?? []);
}

/** The last day, the weekday nearest to a day, the last or the n-th weekday of a month. */
function isSpecial(word: string, at: number): boolean {
  if (at === DAY_OF_MONTH) return /^(L|LW|([1-9]|[12]\d|3[01])W)$/.test(word);
  return at === DAY_OF_WEEK && new RegExp(`^(L|([1-7]|${DAYS.join('|')})(L|#[1-5]))$`, 'i').test(word);
}

/** `*`, a value, a range of values, each perhaps with a step. */
function itemProblem(field: Field, item: string): string | null {
  const [range = '', step, ...more] = item.split('/');
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d{0,3}$/.test(step))) return `${field.name}: ${JSON.stringify(item)} has no step such as 0/15`;
  if (range === '*') return null;
  const values = range.split('-').map((word) => fieldValue(field, word));
  if (values.length > 2 || values.some((value) => value === null))
    return `${field.name}: ${JSON.stringify(item)} is not within ${field.least} to ${field.most}`;
  const [first, last] = values as [number, number | undefined];
  return last !== undefined && last < first ? `${field.name}: the range ${range} ends before it begins` : null;
}

function fieldValue({ least, most, names }: Field, word: string): number | null {
  const named = names.indexOf(word.toUpperCase());
  if (named >= 0) return least + named;
  const value = /^\d{1,4}$/.test(word) ? Number(word) : Number.NaN;
  return value >= least && value <= most ? value : null;
}

function questionMarkProblems(words: readonly string[]): readonly string[] {
  const marks = [words[DAY_OF_MONTH], words[DAY_OF_WEEK]].filter((word) => word === '?').length;
  return marks === 1 ? [] : ['exactly one of day of month and day of week must be ?, since each names the days by itself'];
}

/** A day that none of the months has: the schedule would be taken, and never run. */
function neverProblems(words: readonly string[]): readonly string[] {
  const days = String(words[DAY_OF_MONTH]).split(',');
  const months = String(words[MONTH]).split(',');
  if (![...days, ...months].every((word) => /^(\d+|[A-Z]{3})$/i.test(word))) return [];
  const [dayField, monthField] = [FIELDS[DAY_OF_MONTH], FIELDS[MONTH]] as [Field, Field];
  const longest = Math.max(...months.map((word) => LONGEST[Number(fieldValue(monthField, word)) - 1] ?? 0));
  const first = Math.min(...days.map((word) => Number(fieldValue(dayField, word))));
  return first > longest ? [`day ${first} is in none of the months ${words[MONTH]}: it would never run`] : [];
}
