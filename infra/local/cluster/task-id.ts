/** Names of jobs, tasks and attempts in Hadoop's form. */

/** Map or reduce. */
export type TaskKind = 'm' | 'r';

/** A job of one cluster. */
export interface JobId {
  /** Milliseconds at which the cluster began. */
  readonly cluster: number;
  /** 1 first. */
  readonly number: number;
}

/** A task of a job. */
export interface TaskId {
  readonly job: JobId;
  readonly kind: TaskKind;
  /** 0 first; of a part file too. */
  readonly partition: number;
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}

function suffix(job: JobId): string {
  return `${job.cluster}_${digits(job.number, 4)}`;
}

/** Such as `job_1795216206768_0001`. */
export function jobName(job: JobId): string {
  return `job_${suffix(job)}`;
}

/** Such as `task_1795216206768_0001_m_000002`. */
export function taskName(task: TaskId): string {
  return `task_${suffix(task.job)}_${task.kind}_${digits(task.partition, 6)}`;
}

/** Such as `attempt_1795216206768_0001_m_000002_0`. */
export function attemptName(task: TaskId, attempt: number): string {
  return `attempt_${suffix(task.job)}_${task.kind}_${digits(task.partition, 6)}_${attempt}`;
}

/** Such as `container_1795216206768_0001_01_000004`, the number being the container's. */
export function containerName(job: JobId, container: number): string {
  return `container_${suffix(job)}_01_${digits(container, 6)}`;
}

/** Such as `part-00002`. */
export function partName(partition: number): string {
  return `part-${digits(partition, 5)}`;
}
