/** The definition of a state machine as it was synthesised: what CloudFormation deploys, and nothing else. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One state; its members by the names of the Amazon States Language. */
export interface StateDefinition {
  readonly Type: string;
  readonly [member: string]: unknown;
}

/** A machine, a branch of a Parallel or the processor of a Map. */
export interface MachineDefinition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, StateDefinition>>;
  readonly [member: string]: unknown;
}

/** A state with its name, and the Parallel and Map states around it, the outermost first. */
export interface PlacedState {
  readonly name: string;
  readonly state: StateDefinition;
  readonly within: readonly string[];
}

/** Thrown where no definition lies. */
export class DefinitionMissingError extends Error {
  override readonly name = 'DefinitionMissingError';
  readonly code = 'NOT_BUILT';
  readonly retryable = false;

  constructor(file: string) {
    super(`${file} is missing; run make build`);
  }
}

/** Reads a definition. @param root - the folder that holds `build/` @throws DefinitionMissingError */
export async function readDefinition(root: string, machine: string): Promise<MachineDefinition> {
  const file = join(root, 'build', 'state-machine', `${machine}.asl.json`);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new DefinitionMissingError(file) : error;
  });
  return JSON.parse(text) as MachineDefinition;
}

/** The machines inside of a state. */
function innerMachines({ Branches, ItemProcessor }: StateDefinition): readonly MachineDefinition[] {
  return [...((Branches as readonly MachineDefinition[] | undefined) ?? []), ...(ItemProcessor === undefined ? [] : [ItemProcessor as MachineDefinition])];
}

/** Every state, those inside of Parallel and Map states too. */
export function placedStates(machine: MachineDefinition, within: readonly string[] = []): readonly PlacedState[] {
  return Object.entries(machine.States).flatMap(([name, state]) => [
    { name, state, within },
    ...innerMachines(state).flatMap((inner) => placedStates(inner, [...within, name])),
  ]);
}

/** The call of a Task, such as `elasticmapreduce:addStep.sync`; null where its Resource is no service integration. */
export function callOf({ Resource }: StateDefinition): string | null {
  return /^arn:[^:]+:states:::(.+)$/.exec(String(Resource))?.[1] ?? null;
}
