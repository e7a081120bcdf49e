/** Times in records: `YYYY-MM-DD HH:MM:SS`, UTC, whole seconds (Campanile's form, which Hive reads as a timestamp). */
import { RecordError } from './record-error.ts';

const FORM = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/** The column form of a time; milliseconds are cut off. */
export function encodeTime(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', ' ');
}

/** The time of a column. @throws RecordError where it is none */
export function decodeTime(column: string): Date {
  const time = new Date(`${column.replace(' ', 'T')}Z`);
  if (!FORM.test(column) || Number.isNaN(time.getTime())) throw new RecordError('time', `${JSON.stringify(column)} is not YYYY-MM-DD HH:MM:SS`);
  return time;
}
