/** What the calls of a definition mean on this machine. */
import type { TaskSurroundings } from './running-tasks.ts';

/** One call. Throws TaskError with the name that AWS would give. */
export type Binding = (input: Readonly<Record<string, unknown>>, task: TaskSurroundings) => Promise<unknown>;

/** All calls that tasks may make. */
export interface Bindings {
  /** By call, such as `elasticmapreduce:addStep.sync`. */
  readonly calls: Readonly<Record<string, Binding>>;
  /** FunctionNames behind `lambda:invoke`, as the definition writes them. */
  readonly functions: ReadonlySet<string>;
}
