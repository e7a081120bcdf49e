/** The states that an execution passed, in an order that is the same for every interpreter. */
import { type MachineDefinition, placedStates } from '../../infra/local/engine/definition.ts';

/** How an execution went. */
export interface Passage {
  /** Names of states as they were entered; what ran beside one another is put in order by {@link inOrder}. */
  readonly states: readonly string[];
  /** `SUCCEEDED`, or the error. */
  readonly end: string;
}

/**
 * Branches of a Parallel run at the same time, so that only the order within each is told: what was entered in one Parallel or Map stands
 * branch after branch. Items of a Map cannot be told apart by their names; a scenario with more than one of several states runs them in turn.
 */
export function inOrder(definition: MachineDefinition, entered: readonly string[]): readonly string[] {
  const branchOf = branches(definition);
  const ordered: string[] = [];
  let beside: string[] = [];
  const settle = (): void => {
    ordered.push(...beside.toSorted((a, b) => (branchOf.get(a) as number) - (branchOf.get(b) as number)));
    beside = [];
  };
  for (const name of entered) {
    if (branchOf.has(name)) beside.push(name);
    else {
      settle();
      ordered.push(name);
    }
  }
  settle();
  return ordered;
}

/** The branch of each inner state, by number. */
function branches(definition: MachineDefinition): ReadonlyMap<string, number> {
  const machines = placedStates(definition).flatMap(
    ({ state }) => (state.Branches ?? (state.ItemProcessor === undefined ? [] : [state.ItemProcessor])) as MachineDefinition[],
  );
  return new Map(machines.flatMap((machine, number) => Object.keys(machine.States).map((name) => [name, number] as const)));
}
