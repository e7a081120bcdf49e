/** A Hadoop cluster as the plan needs to know it. */
import { join } from 'node:path';
import type { ClusterFacts } from '../../workflows/plan/run-facts.ts';
import type { ClusterSize } from './resource-manager.ts';

/** Memory that a task of ours asks for (workflows/plan/step-size.ts), in MiB. */
const TASK_MEGABYTES = 1536;

/** What a cluster has that says nothing of its size. */
const UNKNOWN: ClusterSize = { megabytes: 16 * TASK_MEGABYTES, cores: 16 };

/** Rows that are worth a task, which takes ten seconds to begin: 200,000 objects to copy, or 2,000,000 to read. */
const BYTES_PER_TASK = { request: 20 * 1024 * 1024, read: 200 * 1024 * 1024 } as const;

/** Requests under way at once for each place of a task: what one process keeps busy at 50 ms. */
const REQUESTS_PER_SLOT = 64;

/** The facts. @param root - the folder that holds `build/` @param size - null: unknown */
export function hadoopFacts(root: string, nodeArchive: string, size: ClusterSize | null): ClusterFacts {
  const { megabytes, cores } = size ?? UNKNOWN;
  const slots = Math.max(1, Math.min(Math.floor(megabytes / TASK_MEGABYTES), cores));
  return {
    kind: 'hadoop',
    programs: join(root, 'build', 'steps'),
    nodeArchive,
    diffScripts: join(root, 'build', 'diff'),
    slots,
    waves: 4,
    requestsAtOnce: slots * REQUESTS_PER_SLOT,
    bytesPerTask: BYTES_PER_TASK,
  };
}
