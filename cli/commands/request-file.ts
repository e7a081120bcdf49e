/** Files that a command line names. */
import { readFile } from 'node:fs/promises';
import { parseConfig } from '../../workflows/request/config-file.ts';
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

/** The bytes of a file. @param name - as problems call it @throws PreflightError where it cannot be read */
export async function readInputFile(file: string, name = file): Promise<Uint8Array> {
  return await readFile(file).catch(({ code, message }: NodeJS.ErrnoException) => {
    throw new PreflightError([`${name} cannot be read (${code === 'ENOENT' ? 'there is none' : message})`]);
  });
}

/** What a file of JSON holds, unchecked. @throws PreflightError where it cannot be read or is no JSON */
export async function readJson(file: string): Promise<unknown> {
  const bytes = await readInputFile(file);
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw new PreflightError([`${file} is no JSON (${(error as Error).message})`]);
  }
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
