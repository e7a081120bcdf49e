/** One line for people from an error as Catch gives it: a function's cause and EMR's are JSON texts, and that of a branch is the whole error of its state. */
import type { CaughtError } from '../../workflows/plan/run-state.ts';

/** Most characters of a cause that nobody took apart. */
const MOST_CHARACTERS = 1_000;

interface StepCause {
  readonly Step?: { readonly Name?: string; readonly Status?: { readonly State?: string; readonly FailureDetails?: FailureDetails } };
}
interface FailureDetails {
  readonly Reason?: string;
  readonly Message?: string;
}

/** The line. */
export function causeOf({ Error: name, Cause: cause }: CaughtError): string {
  const parsed = parse(cause);
  if (isError(parsed)) return causeOf({ Error: parsed.Error, Cause: parsed.Cause ?? '' });
  const message = stepText(parsed) ?? functionText(parsed);
  return message ?? (cause === '' ? name : `${name}: ${cause.slice(0, MOST_CHARACTERS)}`);
}

function parse(cause: string): object | null {
  try {
    const value: unknown = JSON.parse(cause);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function isError(cause: object | null): cause is { readonly Error: string; readonly Cause?: string } {
  return cause !== null && 'Error' in cause && typeof cause.Error === 'string';
}

/** A function that threw. */
function functionText(cause: object | null): string | null {
  return cause !== null && 'errorMessage' in cause && typeof cause.errorMessage === 'string' ? cause.errorMessage : null;
}

/** A step that failed, as DescribeStep tells it. */
function stepText(cause: StepCause | null): string | null {
  const step = cause?.Step;
  if (step === undefined) return null;
  const { Reason, Message } = step.Status?.FailureDetails ?? {};
  const why = Reason ?? Message ?? step.Status?.State ?? 'no reason given';
  return `step ${step.Name ?? ''} failed: ${why}`;
}
