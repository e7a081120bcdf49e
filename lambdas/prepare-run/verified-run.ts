/** The earlier run that a verification is of: where its listing and its ledgers lie, and the ranges that it listed by. */
import { OUTPUT_FILE, PARTITIONS_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import type { VerifiedRun } from '../../workflows/plan/run-facts.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { RefusedError } from '../run/refused-error.ts';

/** Its places. */
export interface EarlierRun {
  readonly verified: VerifiedRun;
  /** The lines of its `partitions/part.tsv`. */
  readonly partitions: string;
}

/** Reads it. @throws RefusedError where it has not ended, or was of other places */
export async function readVerifiedRun(directory: RunDirectory, { source, destination }: RunRequest): Promise<EarlierRun> {
  const [bytes, partitions] = await Promise.all([directory.read(OUTPUT_FILE), directory.read(PARTITIONS_FILE)]);
  if (bytes === null || partitions === null) throw new RefusedError([`verifiedRun: ${directory.base} holds no run that has ended`]);
  const output = JSON.parse(Buffer.from(bytes).toString('utf8')) as RunOutput;
  const problems = Object.entries({ source, destination }).flatMap(([name, { bucket, prefix }]) => {
    const [was, url] = [output[name as 'source' | 'destination'], `s3://${bucket}/${prefix}`];
    return was === url ? [] : [`verifiedRun: the ${name} of run ${output.runId} is ${was}, not ${url}`];
  });
  const { sourceListing, ledgers } = output.places;
  if (sourceListing === null) problems.push(`verifiedRun: run ${output.runId} has no listing of its source`);
  if (problems.length > 0) throw new RefusedError(problems);
  return {
    verified: { source: directory.locate(sourceListing ?? ''), ledgers: ledgers.map((ledger) => directory.locate(ledger)) },
    partitions: Buffer.from(partitions).toString('utf8'),
  };
}
