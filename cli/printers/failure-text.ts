/** What went wrong, in words: the same for every printer that is read by people. */
import type { RunEvent } from '../../workflows/events/run-event.ts';

/** Lines of a failed program's standard error that are shown. */
const LOG_LINES = 12;

/** The text of an event that tells of a failure; null for any other. */
export function failureText(event: RunEvent): string | null {
  if (event.type === 'step.failed') return `${event.step} failed: ${event.cause}\n${indented(event.log)}`;
  if (event.type === 'run.finished' && event.cause !== null) return `run ${event.runId} failed: ${event.cause}\n`;
  if (event.type === 'run.finished' && event.status === 'failed') return `run ${event.runId} failed: the books do not balance\n`;
  if (event.type === 'run.finished' && event.status === 'partial') return `run ${event.runId}: ${event.books?.outcomes.failed.objects} objects failed\n`;
  return null;
}

function indented(log: string): string {
  const lines = log.split('\n').filter((line) => line !== '');
  return lines
    .slice(-LOG_LINES)
    .map((line) => `    ${line}\n`)
    .join('');
}
