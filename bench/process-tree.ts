/** What Linux knows of a running tree of processes, from `/proc`: memory while it runs, and processor time after it was waited for. */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time for `/proc` in hundredths of a second, whatever the kernel's own tick. */
const TICKS_PER_SECOND = 100;

/** Processor time in seconds. */
export interface ProcessorTime {
  readonly user: number;
  readonly system: number;
}

/** The fields of `/proc/<pid>/stat` after the name in brackets, which may hold spaces: state is 0, parent 1. */
function statFields(pid: string): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** Processor time of all descendants of this process that ended and were waited for, each by its parent. Fields cutime and cstime, proc(5). */
export function endedChildren(): ProcessorTime {
  const fields = statFields('self') ?? [];
  return { user: Number(fields[13]) / TICKS_PER_SECOND, system: Number(fields[14]) / TICKS_PER_SECOND };
}

function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'latin1');
    const bytes = (field: RegExp) => Number(field.exec(text)?.[1] ?? 0) * 1024;
    return { now: bytes(/VmRSS:\s+(\d+) kB/), peak: bytes(/VmHWM:\s+(\d+) kB/) };
  } catch {
    return { now: 0, peak: 0 };
  }
}

/** All process ids by parent. */
function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = Number(statFields(entry)?.[1] ?? -1);
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  return children;
}

/** Resident memory of a tree. Pages that its processes share count in each. */
export interface TreeMemory {
  /** Bytes of all processes together. */
  readonly together: number;
  /** The most bytes that one of them ever had. */
  readonly largest: number;
  readonly processes: number;
}

/** Resident memory of the process `root`, unless it is left out, and everything below it at this moment. */
export function treeMemory(root: number, withRoot = true): TreeMemory {
  const children = childrenByParent();
  const pending = withRoot ? [root] : [...(children.get(root) ?? [])];
  let memory: TreeMemory = { together: 0, largest: 0, processes: 0 };
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    const { now, peak } = memoryOf(pid);
    memory = { together: memory.together + now, largest: Math.max(memory.largest, peak), processes: memory.processes + 1 };
    pending.push(...(children.get(pid) ?? []));
  }
  return memory;
}
