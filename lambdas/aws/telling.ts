/** What every function on AWS has: its instruments, and its events in its log. */
import type { EventSink } from '../../workflows/events/run-event.ts';
import { type Instruments, lambdaInstruments } from '../runtime/instruments.ts';

/** The instruments of a function, and the sink that writes events to its log. */
export function telling(service: string): { readonly instruments: Instruments; readonly emit: EventSink; readonly now: () => Date } {
  const instruments = lambdaInstruments(service);
  return { instruments, emit: (event) => instruments.logger.info(event.type, { event }), now: () => new Date() };
}
