/** What a child of a fan-out tells, in the fan-out's own log: each step and state bears the child's name. */
import type { EventSink, RunEvent } from '../../../workflows/events/run-event.ts';

/** The sink of a child. */
export function childEvents(child: string, emit: EventSink): EventSink {
  return (event) => emit(named(child, event));
}

function named(child: string, event: RunEvent): RunEvent {
  if ('step' in event) return { ...event, step: `${child}/${event.step}` };
  if ('state' in event) return { ...event, state: `${child}/${event.state}` };
  return event;
}
