/** What is wrong with what somebody wrote: one error that lists every problem with its path. */
import type * as z from 'zod';

/** One problem of a request. */
export interface RequestProblem {
  /** Where, such as `source.bucket`; empty: the request as a whole. */
  readonly path: string;
  /** What is wrong and what is allowed. */
  readonly message: string;
}

/** A request that cannot be run; nothing was started. Final. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code = 'REQUEST_INVALID';
  readonly retryable = false;
  /** Every problem, in the order of the schema. */
  readonly problems: readonly RequestProblem[];

  constructor(problems: readonly RequestProblem[]) {
    super(`the request has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}: ${problems.map(asLine).join('; ')}`);
    this.problems = problems;
  }

  /** What the message says, a sentence each. */
  get sentences(): readonly string[] {
    return this.problems.map(asLine);
  }
}

function asLine({ path, message }: RequestProblem): string {
  return path === '' ? message : `${path} ${message}`;
}

/**
 * What zod found, as this project tells it.
 *
 * @param error - of a schema that was asked to report the input
 * @param within - where the schema stands in the request; default: it is the request
 */
export function requestProblems(error: z.ZodError, within: readonly string[] = []): readonly RequestProblem[] {
  return error.issues.flatMap((issue) => problemsOf({ ...issue, path: [...within, ...issue.path] }));
}

/** What is wrong, in words. */
function problemsOf(issue: z.core.$ZodIssue): readonly RequestProblem[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: pathOf([...issue.path, key]), message: 'is not known here' }));
  return [{ path: pathOf(issue.path), message: messageOf(issue) }];
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'custom') return shown(issue.input) + issue.message;
  if (issue.code === 'invalid_value')
    return `${shown(issue.input)}is not allowed; allowed ${issue.values.length === 1 ? 'is' : 'are'} ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_union') return whichOne(issue);
  if (issue.code === 'invalid_key' && issue.issues[0] !== undefined) return shown(issue.input) + issue.issues[0].message;
  if (issue.code === 'invalid_type' && issue.input === undefined) return `is missing; ${article(issue.expected)} is needed`;
  if (issue.code === 'invalid_type') return `${shown(issue.input)}is not ${article(issue.expected)}`;
  if (issue.code === 'too_small') return `${shown(issue.input)}is too small; at least ${issue.minimum} is needed`;
  if (issue.code === 'too_big') return `${shown(issue.input)}is too large; at most ${issue.maximum} is allowed`;
  return shown(issue.input) + issue.message;
}

/** A member of several forms, told apart by one word in it. */
function whichOne(issue: z.core.$ZodIssueInvalidUnion): string {
  const { options, discriminator } = issue as { readonly options?: readonly unknown[]; readonly discriminator?: string };
  const given = discriminator === undefined ? undefined : (issue.input as Readonly<Record<string, unknown>> | undefined)?.[discriminator];
  const allowed = `allowed are ${(options ?? []).join(', ')}`;
  return given === undefined ? `is missing; ${allowed}` : `${shown(given)}is not allowed; ${allowed}`;
}

/** The wrong value where it is short enough to help. */
function shown(input: unknown): string {
  if (input === undefined || (typeof input === 'object' && input !== null)) return '';
  return `(${JSON.stringify(input)}) `.replace(/^(.{200}).*$/s, '$1…) ');
}

function article(expected: string): string {
  return `${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`;
}
