/** A config file: named pairs of buckets, and what their requests have in common. */
import * as z from 'zod';
import { laidOver } from './laid-over.ts';
import { parseRequest } from './parse-request.ts';
import { RequestError, type RequestProblem, requestProblems } from './request-error.ts';
import type { RunRequest } from './run-request.ts';

/** Version of the file's schema. */
const CONFIG_VERSION = 1;

const members = z.record(z.string(), z.unknown());

/** The schema of a config file. Whether each pair is a request is known once the defaults are under it: {@link parseConfig}. */
const configSchema = z.strictObject({
  version: z.literal(CONFIG_VERSION).default(CONFIG_VERSION).describe('Version of this schema. Default: 1.'),
  defaults: members.default({}).describe('Members of a request that hold for every pair which does not say otherwise. Default: none.'),
  pairs: z
    .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, 'is no name of a pair: 1 to 80 letters, digits, dots, hyphens and underscores'), members)
    .describe('Requests by name, laid over the defaults.'),
});

/** The request of every pair, in the order of the file. @throws RequestError with the problems of all of them, as `pairs.<name>.<path>` */
export function parseConfig(input: unknown): ReadonlyMap<string, RunRequest> {
  const result = configSchema.safeParse(input, { reportInput: true });
  if (!result.success) throw new RequestError(requestProblems(result.error));
  const { defaults, pairs } = result.data;
  const problems: RequestProblem[] = [];
  const requests = new Map<string, RunRequest>();
  for (const [name, own] of Object.entries(pairs)) {
    try {
      requests.set(name, parseRequest(laidOver(defaults, own)));
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      problems.push(...error.problems.map(({ path, message }) => ({ path: [`pairs.${name}`, path].filter((part) => part !== '').join('.'), message })));
    }
  }
  if (problems.length > 0) throw new RequestError(problems);
  return requests;
}
