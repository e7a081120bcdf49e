/** Numbers as people read them. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** Bytes with a binary unit and three digits that count: `1.23 GiB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let at = 0;
  while (value >= 999.5 && at < UNITS.length - 1) {
    value /= 1024;
    at += 1;
  }
  return `${at === 0 && Number.isInteger(value) ? value : threeDigits(value)} ${UNITS[at]}`;
}

function threeDigits(value: number): string {
  return value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
}

/** A whole number in groups of three: `1,234,567`. */
export function countText(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A time span: `0.8 s`, `42 s`, `3:07 min`, `12:34 h`. */
export function secondsText(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const pair = whole < 3600 ? [Math.floor(whole / 60), whole % 60] : [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return `${pair[0]}:${String(pair[1]).padStart(2, '0')} ${whole < 3600 ? 'min' : 'h'}`;
}

/** Something a second. */
export function perSecondText(amount: number, seconds: number, text: (amount: number) => string): string {
  return `${text(seconds > 0 ? amount / seconds : 0)}/s`;
}

/** `1 object`, `2 objects`. */
export function objectsText(objects: number): string {
  const text = countText(objects);
  return `${text} ${text === '1' ? 'object' : 'objects'}`;
}
