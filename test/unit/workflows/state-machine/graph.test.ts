import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { type MachineDefinition, placedStates } from '../../../../infra/local/engine/definition.ts';
import { definitionOf, MACHINES } from '../../../../workflows/state-machine/definition.ts';
import { pathAround, type Walk, walk } from '../../../helpers/graph-walk.ts';
import { answerOf, isFixed, RUN_KINDS, type RunKind } from '../../../helpers/machine-samples.ts';

interface Judgement {
  readonly isValid: boolean;
  readonly errorsText: (prefix: string) => string;
}
const validate = createRequire(import.meta.url)('asl-validator') as (definition: object) => Judgement;

const DEFINITIONS = Object.fromEntries(Object.entries(MACHINES).map(([name, source]) => [name, definitionOf(source) as MachineDefinition])) as Readonly<
  Record<keyof typeof MACHINES, MachineDefinition>
>;

const walked = (definition: MachineDefinition, kind: RunKind): Walk => walk(definition, {}, { answer: answerOf(kind), isFixed });
const kinds = Object.entries(RUN_KINDS);
const walks = new Map(kinds.map(([name, kind]) => [name, walked(DEFINITIONS['copy-run'], kind)]));
const fanOut = walked(DEFINITIONS['fan-out'], {});
const walkOf = (name: string) => walks.get(name) as Walk;

/** What the failure path does in place of a state of the good one. */
const STOPPED = 'Stop cluster';

describe('the definitions', () => {
  it.each(Object.entries(DEFINITIONS))('%s is valid by asl-validator', (_, definition) => {
    // The partition of the ARNs is filled in when it is deployed.
    const deployed = JSON.parse(JSON.stringify(definition).replaceAll('$' + '{Partition}', 'aws'));
    const { isValid, errorsText } = validate(deployed);
    expect(isValid ? '' : errorsText('')).toBe('');
  });

  it('have names and comments that people can read', () => {
    for (const { name, state } of Object.values(DEFINITIONS).flatMap((definition) => placedStates(definition))) {
      expect(name).toMatch(/^[A-Z][A-Za-z:?. -]{3,79}$/);
      if (state.Type === 'Task' || state.Type === 'Parallel' || state.Type === 'Map') expect(String(state.Comment ?? '').length, name).toBeGreaterThan(10);
    }
  });

  it('have a time-out and a Catch or an end for each Task', () => {
    for (const { name, state } of Object.values(DEFINITIONS).flatMap((definition) => placedStates(definition))) {
      if (state.Type !== 'Task') continue;
      expect(state.TimeoutSeconds, name).toEqual(expect.any(Number));
      expect(state.Retry, name).toHaveLength(1);
      expect((state.Catch as { ErrorEquals: string[] }[]).at(-1)?.ErrorEquals, name).toEqual(['States.ALL']);
    }
  });
});

describe('the walk over every path', () => {
  it.each(kinds)('of %s finds whatever a state reads', (name) => {
    expect([...walkOf(name).problems]).toEqual([]);
  });

  it('of a fan-out finds whatever a state reads', () => {
    expect([...fanOut.problems]).toEqual([]);
  });

  it('reaches every state', () => {
    const reached = new Set([...walks.values()].flatMap((one) => [...one.reached]));
    expect(
      placedStates(DEFINITIONS['copy-run'])
        .map(({ name }) => name)
        .filter((name) => !reached.has(name)),
    ).toEqual([]);
    expect(
      placedStates(DEFINITIONS['fan-out'])
        .map(({ name }) => name)
        .filter((name) => !fanOut.reached.has(name)),
    ).toEqual([]);
  });

  it('would tell a path that is not there', () => {
    const text = JSON.stringify(DEFINITIONS['copy-run']).replace('$.decided.plan.steps.copyObjects.args', '$.decided.plan.steps.copyObject.args');
    expect([...walked(JSON.parse(text), {}).problems]).toEqual(['Copy objects: $.decided.plan.steps.copyObject.args does not exist']);
  });
});

describe('every path', () => {
  it.each(kinds)('of %s that has asked for a cluster terminates it, or keeps it because it is to be kept', (name, { cluster = {} }) => {
    const created = [...walkOf(name).reached].filter((state) => /^Create .*cluster/.test(state));
    expect(created).toHaveLength(cluster.createCluster === false ? 0 : 1);
    const ends = cluster.terminateCluster === false ? ['Run succeeded', 'Objects failed', 'Not proven'] : ['Terminate cluster'];
    for (const state of created) expect(pathAround(walkOf(name), state, [STOPPED, ...ends])).toBeNull();
  });

  it.each(kinds)('of %s that has planned uploads passes the sweep', (name) => {
    expect(pathAround(walkOf(name), 'Plan parts', ['Sweep uploads', STOPPED])).toBeNull();
  });

  it.each(kinds)('of %s releases the lock', (name) => {
    // A run that is refused holds none.
    expect(pathAround(walkOf(name), 'Prepare run', ['Release lock', STOPPED, 'Explain the refusal'])).toBeNull();
  });

  it.each(kinds)('of %s tells people once', (name) => {
    const all = walkOf(name);
    expect(pathAround(all, 'Prepare run', ['Notify', 'Notify of failure', 'Explain the refusal'])).toBeNull();
    const passesAgain = (from: string) => ['Notify', 'Notify of failure'].filter((state) => leadsTo(all, from, state));
    expect([passesAgain('Notify'), passesAgain('Notify of failure')]).toEqual([[], []]);
  });

  it.each(kinds)('of %s draws up the books', (name) => {
    expect(pathAround(walkOf(name), 'Prepare run', ['Summarize run', 'Summarize failed run', 'Explain the refusal'])).toBeNull();
  });

  it('of a fan-out that has its locks releases them and tells people', () => {
    expect(pathAround(fanOut, 'Prepare fan-out', ['Release locks', 'Release locks of failed fan-out', 'Explain the refusal'])).toBeNull();
    expect(pathAround(fanOut, 'Prepare fan-out', ['Notify', 'Notify of failure', 'Explain the refusal'])).toBeNull();
  });

  it('would tell one that leaves the cluster alone', () => {
    expect(pathAround(walkOf('a copy'), 'Create cluster', ['Terminate cluster'])).toContain('Run failed');
  });
});

/** Whether a state can follow another. */
function leadsTo({ nodes }: Walk, from: string, to: string): boolean {
  const seen = new Set<string>();
  const queue = [...nodes.values()].filter(({ state }) => state === from).flatMap(({ next }) => [...next]);
  for (const key of queue) {
    if (seen.has(key)) continue;
    seen.add(key);
    const node = nodes.get(key);
    if (node?.state === to) return true;
    queue.push(...(node?.next ?? []));
  }
  return false;
}
