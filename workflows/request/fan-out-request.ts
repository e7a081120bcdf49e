/**
 * The request of a fan-out: one base, and over it part files of the same pair of buckets or named pairs. Each becomes the request of a run
 * of its own, on a cluster of its own.
 */
import * as z from 'zod';
import { laidOver } from './laid-over.ts';
import { pairPlaces } from './pair-places.ts';
import { parseRequest } from './parse-request.ts';
import type { PartitionsRequest } from './partitions.ts';
import { RequestError, type RequestProblem, requestProblems } from './request-error.ts';
import type { RunRequest } from './run-request.ts';

/** Version of the schema; it grows when an old request would mean something else. */
const FAN_OUT_VERSION = 1;

/** Children at once: what an inline Map of Step Functions runs (its documented ceiling). */
const MOST_AT_ONCE = 40;

/** Runs of one fan-out: with three tries each they still fit into the 25,000 events of an execution's history. */
export const MOST_CHILDREN = 300;

/** Bytes of all children's requests together; a state holds 262,144. */
export const MOST_BYTES = 200_000;

const members = z.record(z.string(), z.unknown());

const pairName = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'is no name of a pair: 1 to 40 letters, digits, hyphens and underscores are allowed');

/** The schema of a fan-out's request; those of its runs are checked with what they get from the base. */
export const fanOutSchema = z
  .strictObject({
    version: z.literal(FAN_OUT_VERSION).default(FAN_OUT_VERSION).describe('Version of this schema. Default: 1.'),
    base: members.default({}).describe('What every run is asked: members of a request. Default: none, each pair says all.'),
    partFiles: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Part files, s3://bucket/key each (on one machine an absolute path): a run for each, all between the buckets of the base.'),
    pairs: z
      .record(pairName, members)
      .optional()
      .describe(
        'Pairs by name: a run for each. What a pair says is laid over the base as pairs over the defaults of a config file: member by member; lists, and members of another form, are replaced.',
      ),
    concurrency: z.int().min(1).max(MOST_AT_ONCE).default(MOST_AT_ONCE).describe(`Runs at once, at most ${MOST_AT_ONCE}. Default: ${MOST_AT_ONCE}.`),
    tries: z.int().min(1).max(3).default(2).describe('Times a run is started that fails as a whole, each under a new name. Default: 2.'),
    toleratedFailures: z.int().min(0).default(0).describe('Runs that may fail while the fan-out still succeeds. Default: 0.'),
  })
  .superRefine(({ partFiles, pairs }, context) => {
    if ((partFiles === undefined) === (pairs === undefined))
      context.addIssue({ code: 'custom', message: 'either partFiles or pairs are needed, and not both', path: [] });
  });

/** One run of a fan-out. */
export interface FanOutRun {
  /** At most 40 of `[A-Za-z0-9_-]`. */
  readonly name: string;
  /** Its request as it is handed on: what people wrote, without defaults. */
  readonly input: Readonly<Record<string, unknown>>;
  /** The same with every default filled in. */
  readonly request: RunRequest;
}

/** A fan-out that can be started. */
export interface FanOutRequest {
  readonly concurrency: number;
  readonly tries: number;
  readonly toleratedFailures: number;
  readonly runs: readonly FanOutRun[];
}

/** Whether somebody asks for a fan-out, and not for one run. */
export function isFanOut(input: unknown): boolean {
  return typeof input === 'object' && input !== null && ('partFiles' in input || 'pairs' in input);
}

/** The fan-out with every run's request checked. @throws RequestError with every problem of every run */
export function parseFanOut(input: unknown): FanOutRequest {
  const result = fanOutSchema.safeParse(input, { reportInput: true });
  if (!result.success) throw new RequestError(requestProblems(result.error));
  const { base, partFiles, pairs, concurrency, tries, toleratedFailures } = result.data;
  const named = partFiles === undefined ? ofPairs(base, pairs ?? {}) : ofPartFiles(base, partFiles);
  const ends = named.map(({ name, path, asked }) => checked(name, path, asked));
  const runs = ends.flatMap((end) => ('run' in end ? [end.run] : []));
  const problems = [...once(ends.flatMap((end) => ('problems' in end ? end.problems : []))), ...together(runs, named.length)];
  if (problems.length > 0) throw new RequestError(problems);
  return { concurrency, tries, toleratedFailures, runs };
}

type Members = Readonly<Record<string, unknown>>;

interface NamedRun {
  readonly name: string;
  /** Where its problems are told. */
  readonly path: string;
  readonly asked: Members;
}

/** What is wrong with the base is wrong with every part file, and is told once. */
function ofPartFiles(base: Members, files: readonly string[]): readonly NamedRun[] {
  return files.map((location, at) => ({
    name: `part-${String(at + 1).padStart(3, '0')}`,
    path: 'base',
    asked: { ...base, partitions: { from: 'file', location } },
  }));
}

function ofPairs(base: Members, pairs: Readonly<Record<string, Members>>): readonly NamedRun[] {
  return Object.entries(pairs).map(([name, own]) => ({ name, path: `pairs.${name}`, asked: laidOver(base, own) }));
}

function checked(name: string, path: string, asked: Members): { readonly run: FanOutRun } | { readonly problems: readonly RequestProblem[] } {
  try {
    return { run: { name, input: asked, request: parseRequest(asked) } };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return { problems: error.problems.map((problem) => ({ ...problem, path: problem.path === '' ? path : `${path}.${problem.path}` })) };
  }
}

function once(problems: readonly RequestProblem[]): readonly RequestProblem[] {
  return [...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values()];
}

/** What each run allows alone but not together with the others. */
function together(runs: readonly FanOutRun[], count: number): readonly RequestProblem[] {
  const problems: RequestProblem[] = [];
  if (count > MOST_CHILDREN) problems.push({ path: '', message: `${count} runs are asked for; at most ${MOST_CHILDREN} fit into one fan-out` });
  const bytes = Buffer.byteLength(JSON.stringify(runs.map(({ input }) => input)));
  if (bytes > MOST_BYTES) problems.push({ path: '', message: `the requests of its runs take ${bytes} bytes; at most ${MOST_BYTES} fit into one fan-out` });
  return [...problems, ...twice(runs)];
}

/** Two runs of the same pair may work side by side only on different part files. */
function twice(runs: readonly FanOutRun[]): readonly RequestProblem[] {
  const byPair = new Map<string, FanOutRun[]>();
  return runs.flatMap((run) => {
    const pair = JSON.stringify(pairPlaces(run.request));
    const earlier = byPair.get(pair) ?? [];
    const other = earlier.find(({ request }) => isSameWork(request.partitions, run.request.partitions));
    byPair.set(pair, [...earlier, run]);
    return other === undefined ? [] : [{ path: '', message: `${other.name} and ${run.name} are the same work` }];
  });
}

/** A run without a part file lists every key of its pair. */
function isSameWork(one: PartitionsRequest, other: PartitionsRequest): boolean {
  return one.from !== 'file' || other.from !== 'file' || one.location === other.location;
}
