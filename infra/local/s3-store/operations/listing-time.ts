/** Times as listings write them. */

let lastMilliseconds = Number.NaN;
let lastText = '';

/** `2026-11-20T12:00:00.000Z`; the same time as before costs nothing, since neighbours in a listing often share it. */
export function listingTime(milliseconds: number): string {
  if (milliseconds !== lastMilliseconds) {
    lastText = new Date(milliseconds).toISOString();
    lastMilliseconds = milliseconds;
  }
  return lastText;
}
