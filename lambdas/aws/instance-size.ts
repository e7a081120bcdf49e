/** How much of our work an instance type takes, by what its name says. */

/** Memory that a task takes, in MiB: the containers of workflows/plan/step-size.ts. */
export const TASK_MEGABYTES = 1536;

/** Share of a node's memory that YARN gives away. */
const YARN_SHARE = 0.75;

/** GiB for each virtual processor, by the first letter of the family; all others as m. */
const GIGABYTES_PER_CORE: Readonly<Record<string, number>> = { c: 2, r: 8, x: 16, i: 8, d: 8, z: 8 };
const USUAL_GIGABYTES = 4;

/** Processors of sizes that say no number. */
const CORES: Readonly<Record<string, number>> = { medium: 1, large: 2, xlarge: 4, metal: 64 };

/** Virtual processors; 4 for each xlarge. */
export function coresOf(instanceType: string): number {
  const size = instanceType.slice(instanceType.indexOf('.') + 1);
  const [, many] = /^(?:metal-)?(\d+)xl(?:arge)?$/.exec(size) ?? [];
  return many === undefined ? (CORES[size] ?? 4) : 4 * Number(many);
}

/** Tasks that run at the same time on one node. @param taskMegabytes - memory of each */
export function slotsOf(instanceType: string, taskMegabytes = TASK_MEGABYTES): number {
  const cores = coresOf(instanceType);
  const megabytes = cores * (GIGABYTES_PER_CORE[instanceType.charAt(0)] ?? USUAL_GIGABYTES) * 1024 * YARN_SHARE;
  return Math.max(1, Math.min(cores, Math.floor(megabytes / taskMegabytes)));
}
