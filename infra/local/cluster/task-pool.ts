/** Runs tasks, so many at once, in their order; the first that fails for good ends the others. */

/**
 * Resolves when all tasks have ended well.
 *
 * @param limit - tasks at once, at least 1
 * @throws the first failure, when every task that had begun has ended
 */
export async function runTasks(tasks: readonly ((signal: AbortSignal) => Promise<void>)[], limit: number, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const all = AbortSignal.any([signal, stop.signal]);
  let next = 0;
  let failure: { readonly error: unknown } | null = null;
  const work = async (): Promise<void> => {
    while (next < tasks.length && !all.aborted) {
      const task = tasks[next] as (signal: AbortSignal) => Promise<void>;
      next += 1;
      try {
        await task(all);
      } catch (error) {
        failure ??= { error };
        stop.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(Math.max(limit, 1), tasks.length) }, work));
  signal.throwIfAborted();
  if (failure !== null) throw (failure as { readonly error: unknown }).error;
}
