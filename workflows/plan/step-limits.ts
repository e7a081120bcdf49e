/** What a cluster would refuse or misread, found when the plan is made. */
import type { ClusterStep } from './cluster-step.ts';

/** Characters of all strings of one step together: its arguments and its jar (EMR, AddJobFlowSteps). */
export const STEP_CHARACTERS = 10_240;

/** What runs every step. */
export const STEP_JAR = 'command-runner.jar';

/** Thrown where the arguments of a step outgrow what EMR takes. */
export class StepTooLongError extends Error {
  override readonly name = 'StepTooLongError';
  readonly code = 'STEP_TOO_LONG';
  readonly retryable = false;
  readonly step: string;
  readonly characters: number;

  constructor(step: string, characters: number) {
    super(`the arguments of step ${step} have ${characters} characters, at most ${STEP_CHARACTERS} are allowed; shorten the prefixes or the run directory`);
    this.step = step;
    this.characters = characters;
  }
}

/** Thrown where Hadoop would split the run directory's name or take it for a pattern. */
export class RunDirectoryNameError extends Error {
  override readonly name = 'RunDirectoryNameError';
  readonly code = 'RUN_DIRECTORY_NAME_INVALID';
  readonly retryable = false;

  constructor(runDirectory: string) {
    super(
      `the run directory ${JSON.stringify(runDirectory)} holds one of , # * ? [ ] { } \\ ' " or a control character, which Hadoop reads as more than a name`,
    );
  }
}

/** The step, if its arguments are within EMR's limit. @throws StepTooLongError */
export function checkedStep(step: ClusterStep): ClusterStep {
  const characters = step.args.reduce((sum, arg) => sum + arg.length, STEP_JAR.length);
  if (characters > STEP_CHARACTERS) throw new StepTooLongError(step.name, characters);
  return step;
}

/** @throws RunDirectoryNameError */
export function checkedRunDirectory(runDirectory: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[,#*?[\]{}\\'"\u0000-\u001f\u007f]/.test(runDirectory)) throw new RunDirectoryNameError(runDirectory);
}
