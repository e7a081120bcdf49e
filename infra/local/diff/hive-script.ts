/** A `hive-script` step on one machine: DuckDB runs the same SELECT, with the values of the step's `-d`. */
import { fileURLToPath } from 'node:url';
import type { DiffCounts } from '../../../emr-steps/records/diff-counts.ts';
import { DiffArgumentError, diffArguments } from '../../../workflows/diff/diff-variables.ts';
import { partFiles } from './listing-files.ts';
import { type DiffResources, runDiff } from './run-diff.ts';

/** How the step runs. */
export interface HiveScriptOptions extends DiffResources {
  /** Told of every argument that is not obeyed, with the reason. */
  readonly ignore: (argument: string, reason: string) => void;
}

/** A path or `file:` URL as a path. */
function localPath(place: string): string {
  if (/^file:\/\//.test(place)) return fileURLToPath(place);
  if (place.startsWith('file:/')) return place.slice('file:'.length);
  if (/^[A-Za-z][A-Za-z0-9+.-]+:/.test(place)) throw new DiffArgumentError(`${place} is no path; on one machine the diff reads and writes files only`);
  return place;
}

/**
 * Runs the step.
 *
 * @param args - of the step: `hive-script --run-hive-script --args -f … -d SOURCE=… -d DESTINATION=… -d OUTPUT=…`
 * @throws DiffArgumentError, and what {@link runDiff} throws
 */
export async function runHiveScript(args: readonly string[], options: HiveScriptOptions, signal: AbortSignal): Promise<DiffCounts> {
  const { variables, others } = diffArguments(args);
  for (const argument of others) options.ignore(argument, 'DuckDB runs the SELECT of the diff in place of Hive and its script');
  options.ignore(`-d RUN=${variables.run}`, 'no metastore outlives the step, so tables need no name of their own');
  const { extras, compare } = variables;
  const [source, destination] = await Promise.all([variables.source, variables.destination].map((folder) => partFiles(localPath(folder))));
  return runDiff({ source: source ?? [], destination: destination ?? [], output: localPath(variables.output), extras, compare }, options, signal);
}
