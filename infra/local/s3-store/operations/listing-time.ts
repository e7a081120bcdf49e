/** Times as listings write them. */

const DAY = 86_400_000;
const TWO_DIGITS: readonly string[] = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

const MOST_DAYS = 10_000;
const dates = new Map<number, string>();

/** `2026-11-20T`. The date alone is costly to write, and the objects of a bucket share few days. */
function dateOf(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  if (dates.size >= MOST_DAYS) dates.clear();
  const date = new Date(day * DAY).toISOString().slice(0, 11);
  dates.set(day, date);
  return date;
}

/** `2026-11-20T12:00:00.000Z`. */
export function listingTime(milliseconds: number): string {
  const day = Math.floor(milliseconds / DAY);
  const rest = milliseconds - day * DAY;
  const hours = Math.floor(rest / 3_600_000);
  const minutes = Math.floor(rest / 60_000) % 60;
  const seconds = Math.floor(rest / 1000) % 60;
  const thousandths = rest % 1000;
  const end = thousandths === 0 ? '.000Z' : `.${String(thousandths).padStart(3, '0')}Z`;
  return `${dateOf(day)}${TWO_DIGITS[hours]}:${TWO_DIGITS[minutes]}:${TWO_DIGITS[seconds]}${end}`;
}
