/** The books of a run as people read them: listed = copied + unchanged + skipped + failed, with the reasons by count. */
import type { Books } from '../../emr-steps/books/books.ts';
import { OUTCOMES, type Outcome } from '../../emr-steps/books/outcomes.ts';
import { REASONS, type ReasonCode } from '../../emr-steps/books/reasons.ts';
import type { RunEvent } from '../../workflows/events/run-event.ts';
import { bytesText, countText, objectsText, perSecondText, secondsText } from './quantity.ts';

type Finished = Extract<RunEvent, { readonly type: 'run.finished' }>;

/** What stands at the end of a run, on standard output. */
export function finishedText(event: Finished, runDirectory: string): string {
  const head = `run ${event.runId} ${event.status} in ${secondsText(event.seconds)}`;
  const requests = Object.entries(event.requests).map(([operation, count]) => `${operation} ${countText(count)}`);
  const lines = [
    event.cause === null ? head : `${head}: ${event.cause}`,
    ...(event.books === null ? [] : booksLines(event.books, event.seconds)),
    ...(requests.length > 0 ? [`  requests     ${requests.join(', ')}`] : []),
    `  run directory ${runDirectory}`,
  ];
  return `${lines.join('\n')}\n`;
}

function booksLines(books: Books, seconds: number): readonly string[] {
  const { objects, bytes } = books.outcomes.copied;
  const sum = OUTCOMES.map((outcome) => countText(books.outcomes[outcome].objects)).join(' + ');
  return [
    tallyLine('listed', books.listed.objects, books.listed.bytes),
    ...OUTCOMES.flatMap((outcome) => [tallyLine(outcome, books.outcomes[outcome].objects, books.outcomes[outcome].bytes)]),
    ...reasonLines(books),
    `  rate         ${perSecondText(objects, seconds, objectsText)}, ${perSecondText(bytes, seconds, bytesText)}`,
    books.balanced
      ? `  balanced     ${countText(books.listed.objects)} = ${sum}`
      : `  NOT BALANCED ${countText(books.listed.objects)} is not ${sum}${strayText(books)}`,
  ];
}

function tallyLine(name: Outcome | 'listed', objects: number, bytes: number): string {
  return `  ${name.padEnd(12)} ${countText(objects).padStart(14)}  ${bytesText(bytes)}`;
}

function reasonLines({ reasons }: Books): readonly string[] {
  const entries = Object.entries(reasons) as [ReasonCode, number][];
  return entries.sort(([, a], [, b]) => b - a).map(([code, count]) => `    ${code}: ${countText(count)} (${REASONS[code].meaning})`);
}

function strayText({ unlisted, duplicates }: Books): string {
  const stray = [
    unlisted > 0 ? `${countText(unlisted)} in the ledger that nobody asked for` : '',
    duplicates > 0 ? `${countText(duplicates)} listed twice` : '',
  ];
  return stray
    .filter((text) => text !== '')
    .map((text) => `; ${text}`)
    .join('');
}
