/** Starts a run for callers that have an event and not a request: the same event starts it once, however often it is delivered. */
import { createHash } from 'node:crypto';

/** A request with a name; or an event of EventBridge whose detail is one. */
export type StartRunInput =
  | { readonly name: string; readonly request: unknown }
  | { readonly id: string; readonly detail: { readonly name?: string | undefined; readonly request: unknown } };

/** What was started, now or by an earlier delivery. */
export interface StartRunOutput {
  readonly name: string;
  readonly started: boolean;
}

/** What the handler needs of its surroundings. */
export interface StartRunDeps {
  /** Starts an execution. @returns false where one of this name was started before */
  readonly startExecution: (name: string, input: unknown) => Promise<boolean>;
}

/** Characters of an execution's name. */
const LONGEST_NAME = 80;

/** Starts it. */
export async function startRun(input: StartRunInput, { startExecution }: StartRunDeps): Promise<StartRunOutput> {
  const [given, request] = 'detail' in input ? [input.detail.name ?? input.id, input.detail.request] : [input.name, input.request];
  const name = executionName(given);
  return { name, started: await startExecution(name, request) };
}

/** A name that Step Functions takes; what had to be changed stays told apart by a hash. */
export function executionName(given: string): string {
  if (/^[A-Za-z0-9_-]{1,80}$/.test(given)) return given;
  const hash = createHash('sha256').update(given).digest('hex').slice(0, 16);
  return `${given.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, LONGEST_NAME - hash.length - 1)}-${hash}`;
}
