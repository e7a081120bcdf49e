/** A scenario on our own engine. */
import type { Binding } from '../../infra/local/engine/bindings.ts';
import { callOf, type MachineDefinition, placedStates } from '../../infra/local/engine/definition.ts';
import { execute } from '../../infra/local/engine/execute.ts';
import { TaskError } from '../../infra/local/engine/task-error.ts';
import type { Answers } from './answers.ts';
import { inOrder, type Passage } from './passed-states.ts';

/** Runs it. */
export async function ourPassage(definition: MachineDefinition, answers: Answers): Promise<Passage> {
  const entered: string[] = [];
  const end = await execute({
    definition,
    arn: 'arn:aws:states:local:000000000000:execution:scenario:one',
    name: 'one',
    startedAt: new Date(),
    input: {},
    bindings: bindingsOf(definition, answers),
    emit: (event) => {
      if (event.type === 'state.entered') entered.push(event.state);
    },
    signal: new AbortController().signal,
    waitFactor: 0,
  });
  return { states: inOrder(definition, entered), end: end.status === 'FAILED' ? end.error : end.status };
}

function bindingsOf(definition: MachineDefinition, answers: Answers) {
  const tasks = placedStates(definition).filter(({ state }) => state.Type === 'Task');
  const calls = new Map<string, number>();
  const answer: Binding = async (_, { state }) => {
    const call = calls.get(state) ?? 0;
    calls.set(state, call + 1);
    const given = answers[state]?.at(call) ?? answers[state]?.at(-1);
    if (given === undefined) throw new Error(`the scenario has no answer for ${state}`);
    if ('throws' in given) throw new TaskError(given.throws, given.cause ?? '');
    return given.returns;
  };
  return {
    calls: Object.fromEntries(tasks.map(({ state }) => [callOf(state) ?? '', answer])),
    functions: new Set(tasks.map(({ state }) => String((state.Parameters as { readonly FunctionName?: unknown }).FunctionName))),
  };
}
