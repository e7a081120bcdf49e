/** This machine, as the plan of a run needs to know it. */
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { ClusterFacts } from '../../workflows/plan/run-facts.ts';
import { builtProgram } from './built-program.ts';

/** Rows that are worth a process of their own here: 40,000 objects to copy, or 160,000 to read. Each process warms up for a third of a second. */
const BYTES_PER_TASK = { request: 4 * 1024 * 1024, read: 16 * 1024 * 1024 } as const;

/** Requests of this machine that are under way at once: with 50 ms each, 5,000 a second. */
const REQUESTS_AT_ONCE = 256;

/** The facts. @param root - the folder that holds `build/` @throws NotBuiltError */
export function machineFacts(root: string): ClusterFacts {
  return {
    kind: 'local',
    programs: dirname(builtProgram(root, 'list-objects')),
    nodeArchive: join(root, 'build', 'node'),
    diffScripts: join(root, 'build', 'diff'),
    slots: availableParallelism(),
    waves: 1,
    requestsAtOnce: REQUESTS_AT_ONCE,
    bytesPerTask: BYTES_PER_TASK,
  };
}
