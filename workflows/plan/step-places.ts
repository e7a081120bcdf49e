/** Where each step reads and writes, relative to the run's directory. Each try of a step has its own output. */
import { DIFF_OUTPUTS, LISTINGS, roundOutput, SWEEP_OUTPUT, tryOf, VERIFY_OUTPUTS } from '../../emr-steps/run-directory/layout.ts';
import type { RunRequest } from '../request/run-request.ts';
import { isRoundStep, type RunProgress, type StepId } from './run-progress.ts';

/** The folder that a step's current try writes. */
export function outputOf(step: StepId, progress: RunProgress): string {
  return tryOf(outputFolder(step, progress.round), progress.tries[step]);
}

function outputFolder(step: StepId, round: number): string {
  switch (step) {
    case 'listSource':
      return LISTINGS.source;
    case 'listDestination':
      return LISTINGS.destination;
    case 'diff':
      return LISTINGS.diff;
    case 'planParts':
      return roundOutput(round, 'tasks');
    case 'copyObjects':
      return roundOutput(round, 'results');
    case 'completeUploads':
      return roundOutput(round, 'ledger');
    case 'reconcile':
      return roundOutput(round, 'settled');
    case 'reconcileUnsettled':
      return roundOutput(round, 'unsettled');
    case 'listVerification':
      return VERIFY_OUTPUTS.listing;
    case 'verifyCounts':
      return VERIFY_OUTPUTS.counts;
    case 'verify':
      return VERIFY_OUTPUTS.differences;
    case 'sweepUploads':
      return SWEEP_OUTPUT;
  }
}

/** The rows that a round is to copy: the listing or the diff's rows, later what the round before left unsettled. */
export function toCopy(request: RunRequest, progress: RunProgress): string {
  if (progress.unsettledTry !== null) return tryOf(roundOutput(progress.round - 1, 'unsettled'), progress.unsettledTry);
  return firstToCopy(request, progress);
}

/** The rows that the first round was to copy: every key of the run stands there. */
export function firstToCopy(request: RunRequest, progress: RunProgress): string {
  return request.diff.engine === 'none' ? outputOf('listSource', progress) : `${outputOf('diff', progress)}/${DIFF_OUTPUTS.toCopy}`;
}

/** The ledgers of every round, the present one last. */
export function ledgersOf(progress: RunProgress): readonly string[] {
  return [...progress.earlier, progress.tries].map(({ completeUploads }, at) => tryOf(roundOutput(at + 1, 'ledger'), completeUploads));
}

/** The step's key in names and statistics, such as `copy-objects.r1`; what runs once carries no round. */
export function stepKey(step: StepId, round: number): string {
  const word = step.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return isRoundStep(step) ? `${word}.r${round}` : word;
}
