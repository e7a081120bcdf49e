/** The instances of a cluster whose request names none, and what a type's name says of it. */
import type { OwnCluster } from './cluster.ts';

type Fleets = NonNullable<OwnCluster['fleets']>;

/** Families by architecture, the newer first: two, so that one without capacity does not hold up the run. */
const FAMILIES = { arm64: ['m7g', 'm6g'], x86_64: ['m7i', 'm6i'] } as const;

/** One primary node and two core nodes on demand, of two families. */
export function defaultFleets(architecture: OwnCluster['architecture']): Fleets {
  const families = FAMILIES[architecture];
  return {
    primary: { types: families.map((family) => `${family}.xlarge`) },
    core: { types: families.map((family) => ({ type: `${family}.2xlarge`, weight: 1 })), onDemand: 2 },
    task: null,
  };
}

/** The architecture of an instance type: processors of AWS's own have a g behind the number of their generation. */
export function architectureOf(instanceType: string): OwnCluster['architecture'] {
  return /^[a-z]+\d+[a-z]*g/.test(instanceType) ? 'arm64' : 'x86_64';
}

/** Every instance type that a cluster names, with the path of the member that does. */
export function namedTypes({ fleets, groups }: OwnCluster): readonly { readonly path: readonly string[]; readonly type: string }[] {
  const at = (types: readonly string[], ...path: string[]) => types.map((type) => ({ path, type }));
  return [
    ...at(fleets?.primary.types ?? [], 'fleets', 'primary', 'types'),
    ...at(fleets?.core.types.map(({ type }) => type) ?? [], 'fleets', 'core', 'types'),
    ...at(fleets?.task?.types.map(({ type }) => type) ?? [], 'fleets', 'task', 'types'),
    ...at(groups === undefined ? [] : [groups.primary.type], 'groups', 'primary', 'type'),
    ...at(groups === undefined ? [] : [groups.core.type], 'groups', 'core', 'type'),
    ...at(groups?.task.map(({ type }) => type) ?? [], 'groups', 'task'),
  ];
}
