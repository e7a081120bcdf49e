/** What YARN's resource manager knows of a run's applications, and their end by force. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Rest } from './rest.ts';

/** An application. */
export interface Application {
  /** Such as `application_1795216206768_0001`. */
  readonly id: string;
  readonly name: string;
  readonly state: string;
}

/** Totals of a cluster. */
export interface ClusterSize {
  readonly megabytes: number;
  readonly cores: number;
}

/** States that an application does not leave. */
const FINAL: readonly string[] = ['FINISHED', 'FAILED', 'KILLED'];
const UNFINISHED = 'NEW,NEW_SAVING,SUBMITTED,ACCEPTED,RUNNING';

/** Longest wait for the end of an application that was killed. */
const KILL_MILLISECONDS = 30_000;

/** The resource manager. */
export class ResourceManager {
  readonly #rest: Rest;

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /** Null: nobody knows. */
  async size(): Promise<ClusterSize | null> {
    const { clusterMetrics } = ((await this.#rest.get('/ws/v1/cluster/metrics')) ?? {}) as { clusterMetrics?: { totalMB: number; totalVirtualCores: number } };
    return clusterMetrics === undefined ? null : { megabytes: clusterMetrics.totalMB, cores: clusterMetrics.totalVirtualCores };
  }

  /** Null: nobody knows it. */
  async application(id: string): Promise<Application | null> {
    return (((await this.#rest.get(`/ws/v1/cluster/apps/${id}`)) ?? {}) as { app?: Application }).app ?? null;
  }

  /** Unfinished applications with a tag. YARN keeps tags in lower case. */
  async tagged(tag: string): Promise<readonly Application[]> {
    const query = `applicationTags=${encodeURIComponent(tag.toLowerCase())}&states=${UNFINISHED}`;
    const { apps } = ((await this.#rest.get(`/ws/v1/cluster/apps?${query}`)) ?? {}) as { apps?: { app?: readonly Application[] } | null };
    return apps?.app ?? [];
  }

  /** Ends an application. @returns whether it has come to its end */
  async kill(id: string): Promise<boolean> {
    const isAccepted = await this.#rest.put(`/ws/v1/cluster/apps/${id}/state`, { state: 'KILLED' });
    for (const end = Date.now() + KILL_MILLISECONDS; ; await sleep(250)) {
      const application = await this.application(id);
      if (application !== null && FINAL.includes(application.state)) return true;
      if (application === null || !isAccepted || Date.now() > end) return false;
    }
  }
}
