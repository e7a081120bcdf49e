/** The request that a command line names by its file. */
import { parseConfig } from '../../workflows/request/config-file.ts';
import { readJson } from '../preflight/input-file.ts';
import { PreflightError } from '../preflight/preflight-error.ts';

/**
 * The request in a file, unchecked.
 *
 * @param pair - of a config file; undefined: the file is a request
 * @param resume - the run that it goes on with; undefined: as the file says
 * @throws PreflightError where the file cannot be read, is no JSON, or has no such pair; RequestError where it is a config file with problems
 */
export async function readRequest(file: string, pair: string | undefined, resume?: string | undefined): Promise<unknown> {
  const written = await readJson(file);
  const request = isObject(written) && 'pairs' in written && !('base' in written) ? pairOf(file, written, pair) : written;
  if (pair !== undefined && request === written) throw new PreflightError([`${file} is no config file: it has no pairs; leave --pair out`]);
  return resume === undefined || !isObject(request) ? request : { ...request, resume };
}

function pairOf(file: string, config: object, pair: string | undefined): unknown {
  const requests = parseConfig(config);
  const names = [...requests.keys()].join(', ');
  if (pair === undefined)
    throw new PreflightError([
      `${file} is a config file; name one of its pairs by --pair: ${names}; a fan-out over all of them has a base too, {} where there is none`,
    ]);
  const request = requests.get(pair);
  if (request === undefined) throw new PreflightError([`${file} has no pair ${JSON.stringify(pair)}; it has ${names}`]);
  return request;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
