/** Times in records: `YYYY-MM-DD HH:MM:SS`, UTC, whole seconds (Campanile's form, which Hive reads as a timestamp). */
import { RecordError } from './record-error.ts';

const FORM = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]) (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

/** Whether `text` has the form of a time in a record. Days are checked against 31, not against their month. */
export function isTime(text: string): boolean {
  return FORM.test(text);
}

/**
 * The column form of a time; milliseconds are cut off.
 *
 * @throws RecordError for an invalid date and for years beyond 0 to 9999
 */
export function encodeTime(time: Date): string {
  const second = Math.floor(time.getTime() / 1000);
  if (second !== last.second) last = { second, text: secondText(time) };
  return last.text;
}

/** The last time that was written: thousands of rows have the same (a row: 0.1 instead of 2 µs). */
let last = { second: Number.NaN, text: '' };

function secondText(time: Date): string {
  const text = Number.isNaN(time.getTime()) ? 'Invalid Date' : time.toISOString().slice(0, 19).replace('T', ' ');
  if (!FORM.test(text)) throw new RecordError('time', `${text} has no four-digit year`);
  return text;
}

/** The time of a column. @throws RecordError where it is none, such as the 31st of February */
export function decodeTime(column: string): Date {
  const time = new Date(`${column.replace(' ', 'T')}Z`);
  if (!FORM.test(column) || Number.isNaN(time.getTime()) || encodeTime(time) !== column)
    throw new RecordError('time', `${JSON.stringify(column)} is no time YYYY-MM-DD HH:MM:SS`);
  return time;
}

/** Whether a time of a service, which tells whole seconds, is not before a moment. False for an invalid one. */
export function isSince(told: Date, moment: Date): boolean {
  return told.getTime() >= Math.floor(moment.getTime() / 1000) * 1000;
}
