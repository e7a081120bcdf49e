/** What stays on the screen of an event, a line each; progress does not stay. */
import type { RunEvent } from '../../workflows/events/run-event.ts';
import { failureText } from './failure-text.ts';
import { bytesText, countText, objectsText, secondsText } from './quantity.ts';

/** The lasting text of an event, with its newline; null where it has none. */
export function eventText(event: RunEvent): string | null {
  switch (event.type) {
    case 'run.started':
      return `run ${event.runId}\n`;
    case 'run.found':
      return `${event.finding.level === 'warning' ? 'warning: ' : ''}${event.finding.message}\n`;
    case 'run.resumed':
      return `run ${event.runId} goes on in round ${event.round}\n`;
    case 'verify.counted':
      return `${objectsText(event.equal)} equal${differencesText(event.differences)}\n`;
    case 'sweep.finished':
      return sweptText(event);
    case 'step.finished':
      return `${`${event.step.padEnd(22)} ${secondsText(event.seconds).padStart(8)}  ${progressText(event)}`.trimEnd()}\n`;
    case 'step.attempt-failed':
      return `${event.step}: attempt ${event.taskAttempt} failed, ${event.cause}\n`;
    case 'diff.counted':
      return `${countText(event.missing)} missing, ${countText(event.different)} different, ${countText(event.unchanged)} unchanged, ${countText(event.extra)} extra\n`;
    case 'round.decided':
      return event.unsettled > 0 ? `round ${event.round}: ${objectsText(event.unsettled)} unsettled, ${event.why}\n` : null;
    case 'run.would-copy':
      return `would copy ${objectsText(event.objects)}, ${bytesText(event.bytes)}\n`;
    case 'step.failed':
      return failureText(event);
    default:
      return null;
  }
}

/** Nothing where nothing was open. */
function sweptText({ aborted, failed, left }: Extract<RunEvent, { readonly type: 'sweep.finished' }>): string | null {
  const parts = [
    aborted > 0 ? `${countText(aborted)} aborted` : '',
    failed > 0 ? `${countText(failed)} could not be aborted` : '',
    left > 0 ? `${countText(left)} of others left alone` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? null : `open uploads: ${parts.join(', ')}\n`;
}

function differencesText(differences: Extract<RunEvent, { readonly type: 'verify.counted' }>['differences']): string {
  return Object.entries(differences)
    .map(([kind, objects]) => `, ${countText(objects)} ${kind}`)
    .join('');
}

function progressText({ progress }: Extract<RunEvent, { readonly type: 'step.finished' }>): string {
  // Hive and DuckDB tell no progress.
  if (progress.recordsIn === 0 && progress.recordsOut === 0) return '';
  const bytes = progress.bytes > 0 ? `, ${bytesText(progress.bytes)}` : '';
  return `${countText(progress.recordsIn)} in, ${countText(progress.recordsOut)} out${bytes}`;
}
