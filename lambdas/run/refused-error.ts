/** What `prepare-run` throws when nothing was started and nothing is held. */
import { REFUSED_ERROR } from '../../workflows/plan/run-state.ts';

/** A refusal, a problem a line; the machine knows it by its name. Final. */
export class RefusedError extends Error {
  override readonly name = REFUSED_ERROR;
  readonly code = 'RUN_REFUSED';
  readonly retryable = false;
  readonly problems: readonly string[];

  /** @param problems - a sentence each */
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}
