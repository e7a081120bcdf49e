/** When a run began, read from its id: `20261121-021655-5c7a0a67d9` began at 02:16:55 UTC on that day, and a resumed run keeps its id. */

const FORM = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-/;

/** The time, in whole seconds; null for an id that holds none, such as `adhoc`. */
export function runStartedAt(runId: string): Date | null {
  const [, year, month, day, hour, minute, second] = FORM.exec(runId) ?? [];
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time.getTime()) ? null : time;
}
