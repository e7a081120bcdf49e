/** What must hold before any work, and does not. */

/** Thrown before anything was started: every problem at once. Final; the exit code is 2. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError';
  readonly code = 'PREFLIGHT_FAILED';
  readonly retryable = false;
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Runs every check at the same time. @throws PreflightError with the problems of all of them */
export async function checkAll<T extends readonly unknown[]>(checks: { readonly [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const ends = await Promise.allSettled(checks);
  const failed = ends.filter((end) => end.status === 'rejected').map((end) => end.reason as unknown);
  const defect = failed.find((error) => !(error instanceof PreflightError));
  if (defect !== undefined) throw defect;
  if (failed.length > 0) throw new PreflightError(failed.flatMap((error) => (error as PreflightError).problems));
  return ends.map((end) => (end as PromiseFulfilledResult<unknown>).value) as unknown as T;
}
