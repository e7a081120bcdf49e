/** Reading what the steps counted: small outputs only, rows stay on the cluster. */
import { type DiffCounts, diffCounts } from '../../emr-steps/records/diff-counts.ts';
import { type SettledCounts, settledCounts } from '../../emr-steps/records/drift-count.ts';
import { DIFF_OUTPUTS } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { readFewRows, readSmallOutput } from '../../emr-steps/run-directory/step-output.ts';
import { DiffDamagedError } from '../../workflows/plan/assess-diff.ts';

/** The diff's one line of counts. @param output - folder of its try @throws DiffDamagedError where it wrote none, or more */
export async function readDiffCounts(directory: RunDirectory, output: string): Promise<DiffCounts> {
  const lines = await readFewRows(directory, `${output}/${DIFF_OUTPUTS.counts}`);
  const [line] = lines;
  if (line === undefined || lines.length > 1) throw new DiffDamagedError(`the diff wrote ${lines.length} lines of counts, one is needed`);
  return diffCounts.decode(line);
}

/** The lines that reconcile wrote: outcomes and drift. */
export async function readSettledCounts(directory: RunDirectory, output: string): Promise<SettledCounts> {
  return settledCounts(await readSmallOutput(directory, output));
}
