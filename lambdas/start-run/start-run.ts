/**
 * Starts a run for callers that have an event and not a request: the same event starts it once, however often it is delivered. The request
 * stands in the event, or belongs to a pair of buckets that is kept by name; an incremental pair gets what was modified since its watermark.
 */
import { createHash } from 'node:crypto';
import { isFanOut } from '../../workflows/request/fan-out-request.ts';
import { parseRequest } from '../../workflows/request/parse-request.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { requestSince, type Watermark } from '../run/watermark.ts';
import type { Pair } from './pair.ts';

/** What is to run: a request as people write it, or a pair by name. */
export type Wanted = { readonly request: Readonly<Record<string, unknown>> } | { readonly pair: string };

/** What is wanted with a name; or an event of EventBridge whose detail is that. */
export type StartRunInput = ({ readonly name: string } & Wanted) | { readonly id: string; readonly detail: { readonly name?: string | undefined } & Wanted };

/** What was started, now or by an earlier delivery. */
export interface StartRunOutput {
  readonly name: string;
  readonly started: boolean;
}

/** What the handler needs of its surroundings. */
export interface StartRunDeps {
  /** Starts an execution. @returns false where one of this name was started before */
  readonly startExecution: (name: string, input: unknown, machine: 'copy-run' | 'fan-out') => Promise<boolean>;
  /** A pair by name. @throws PairError where there is none, or it cannot be used */
  readonly pairOf: (name: string) => Promise<Pair>;
  /** Where the copies of a request stand. */
  readonly watermarkOf: (request: RunRequest) => Promise<Watermark | null>;
}

/** Characters of an execution's name. */
const LONGEST_NAME = 80;

/** Starts it. @throws PairError */
export async function startRun(input: StartRunInput, deps: StartRunDeps): Promise<StartRunOutput> {
  const [given, wanted] = 'detail' in input ? [input.detail.name ?? input.id, input.detail] : [input.name, input];
  const name = executionName(given);
  const request = 'pair' in wanted ? await requestOf(await deps.pairOf(wanted.pair), deps) : wanted.request;
  return { name, started: await deps.startExecution(name, request, isFanOut(request) ? 'fan-out' : 'copy-run') };
}

async function requestOf({ request, incremental, overlapMinutes }: Pair, { watermarkOf }: StartRunDeps): Promise<Readonly<Record<string, unknown>>> {
  return incremental ? requestSince(request, await watermarkOf(parseRequest(request)), overlapMinutes) : request;
}

/** A name that Step Functions takes; what had to be changed stays told apart by a hash. */
export function executionName(given: string): string {
  if (/^[A-Za-z0-9_-]{1,80}$/.test(given)) return given;
  const hash = createHash('sha256').update(given).digest('hex').slice(0, 16);
  return `${given.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, LONGEST_NAME - hash.length - 1)}-${hash}`;
}
