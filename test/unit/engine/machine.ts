/** Small machines for tests of the engine. */
import type { Binding } from '../../../infra/local/engine/bindings.ts';
import type { MachineDefinition, StateDefinition } from '../../../infra/local/engine/definition.ts';
import { type ExecutionEnd, execute } from '../../../infra/local/engine/execute.ts';
import type { RunEvent } from '../../../workflows/events/run-event.ts';

/** A Task that calls `test:<call>`. */
export function task(call: string, more: Readonly<Record<string, unknown>> = {}): StateDefinition {
  return { Type: 'Task', Resource: `arn:\${Partition}:states:::test:${call}`, TimeoutSeconds: 60, ...more };
}

/** States in order; the first begins, each leads to the next unless it says otherwise. */
export function machine(states: Readonly<Record<string, StateDefinition>>, more: Readonly<Record<string, unknown>> = {}): MachineDefinition {
  const names = Object.keys(states);
  const leads = (state: StateDefinition): boolean => 'Next' in state || 'End' in state || ['Choice', 'Succeed', 'Fail'].includes(state.Type);
  const chained = names.map((name, at) => {
    const state = states[name] as StateDefinition;
    const next = names[at + 1];
    return [name, leads(state) ? state : { ...state, ...(next === undefined ? { End: true } : { Next: next }) }];
  });
  return { StartAt: names[0] ?? '', States: Object.fromEntries(chained), ...more };
}

/** What a machine did. */
export interface Executed {
  readonly end: ExecutionEnd;
  readonly events: readonly RunEvent[];
  /** Names of the states that were entered. */
  readonly entered: readonly string[];
}

/** Runs it. @param calls - bindings of `test:<call>` */
export async function executed(
  definition: MachineDefinition,
  calls: Readonly<Record<string, Binding>> = {},
  { input = {}, signal = new AbortController().signal, waitFactor = 0.001 }: { input?: unknown; signal?: AbortSignal; waitFactor?: number } = {},
): Promise<Executed> {
  const events: RunEvent[] = [];
  const end = await execute({
    definition,
    arn: 'arn:aws:states:local:000000000000:execution:test:one',
    name: 'one',
    startedAt: new Date('2026-01-02T03:04:05.678Z'),
    input,
    bindings: { calls: Object.fromEntries(Object.entries(calls).map(([name, call]) => [`test:${name}`, call])), functions: new Set() },
    emit: (event) => events.push(event),
    signal,
    waitFactor,
  });
  return { end, events, entered: events.flatMap((event) => (event.type === 'state.entered' ? [event.state] : [])) };
}
