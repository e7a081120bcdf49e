/** The run that a verification is of: where its listing and its ledgers lie. */
import { join } from 'node:path';
import { fileRunDirectory } from '../../emr-steps/run-directory/file-run-directory.ts';
import { OUTPUT_FILE, PARTITIONS_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import type { VerifiedRun } from '../../workflows/plan/run-facts.ts';
import { RUN_ID_PATTERN } from '../../workflows/plan/run-id.ts';
import type { RunRequestInput } from '../../workflows/request/run-request.ts';
import type { Host } from '../host.ts';
import { PreflightError } from '../preflight/preflight-error.ts';
import { runsFolder } from '../preflight/run-folder.ts';

type Sides = Pick<RunRequestInput, 'source' | 'destination'>;

/** Its places, and the part file that it listed by. @throws PreflightError where there is no such run, it has not ended, or was of other places */
export async function verifiedRun(
  runId: string,
  runs: string | undefined,
  sides: Sides,
  host: Host,
): Promise<VerifiedRun & { readonly partitionFile: string }> {
  const folder = join(runsFolder(runs, host.env), runId);
  const bytes = RUN_ID_PATTERN.test(runId) ? await fileRunDirectory(folder).read(OUTPUT_FILE) : null;
  if (bytes === null) throw new PreflightError([`--run ${JSON.stringify(runId)} names no run that has ended in ${runsFolder(runs, host.env)}`]);
  const output = JSON.parse(Buffer.from(bytes).toString('utf8')) as RunOutput;
  const problems = (['source', 'destination'] as const).flatMap((name) => {
    const url = `s3://${sides[name].bucket}/${sides[name].prefix ?? ''}`;
    return output[name] === url ? [] : [`--run ${runId}: its ${name} is ${output[name]}, not ${url}`];
  });
  const { sourceListing, ledgers } = output.places;
  if (sourceListing === null) problems.push(`--run ${runId}: it has no listing of its source`);
  if (problems.length > 0) throw new PreflightError(problems);
  return {
    source: join(folder, sourceListing ?? ''),
    ledgers: ledgers.map((ledger) => join(folder, ledger)),
    partitionFile: join(folder, PARTITIONS_FILE),
  };
}
