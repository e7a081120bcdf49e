import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type MachineDefinition, placedStates } from '../../../infra/local/engine/definition.ts';
import { definitionOf, MACHINES } from '../../../workflows/state-machine/definition.ts';

const text = readFileSync(join(import.meta.dirname, '../../../docs/failures.md'), 'utf8');

describe('docs/failures.md', () => {
  it('says of every Task, Map and Parallel of a run what becomes of its failure', () => {
    const states = placedStates(definitionOf(MACHINES['copy-run']) as MachineDefinition).filter(({ state }) =>
      ['Task', 'Map', 'Parallel'].includes(state.Type),
    );
    const undecided = states.map(({ name }) => name).filter((name) => !name.endsWith(': decide on another try'));
    expect(undecided.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
