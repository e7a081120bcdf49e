/** Part files that requests name: read, checked, and what they leave out. */
import { tilingFaults } from '../../emr-steps/keyspace/tiling.ts';
import type { Partition } from '../../emr-steps/records/partition.ts';
import { S3Error } from '../../emr-steps/s3/s3-error.ts';
import type { RunFinding } from '../../workflows/events/run-finding.ts';
import { MOST_PART_FILE_BYTES, PartitionFileError, parsePartitionFile } from '../../workflows/request/partition-file.ts';
import { NoAskerError } from './own-client.ts';
import { FileTooLargeError, type PointSource } from './read-places.ts';
import { RefusedError } from './refused-error.ts';

/** Reads one before anything is started. @throws RefusedError for every fault that another try would find again */
export async function checkedPartFile(location: string, places: Pick<PointSource, 'read'>): Promise<readonly Partition[]> {
  try {
    return parsePartitionFile(await places.read(location, MOST_PART_FILE_BYTES));
  } catch (error) {
    const problems = problemsOf(location, error);
    throw problems === null ? error : new RefusedError(problems.map((problem) => `part file ${location}: ${problem}`));
  }
}

/** Null: another try may go well, or it is a defect. */
function problemsOf(location: string, error: unknown): readonly string[] | null {
  if (error instanceof PartitionFileError) return error.sentences;
  if (error instanceof FileTooLargeError || error instanceof NoAskerError) return [error.message];
  if (error instanceof S3Error && error.retryClass === 'final')
    return [error.status === 403 ? 'access is denied; the credentials of the run itself need s3:GetObject on it' : `it cannot be read (${error.code})`];
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return location.startsWith('/') && /^E[A-Z]+$/.test(code) ? [`it cannot be read (${code === 'ENOENT' ? 'there is none' : code})`] : null;
}

/** What slices leave out, as something that people should know. */
export function gapFindings(slices: readonly Partition[]): readonly RunFinding[] {
  const gaps = tilingFaults(slices).flatMap((fault) => (fault.kind === 'gap' ? [fault.example] : []));
  if (gaps.length === 0) return [];
  const examples = gaps.slice(0, 3).map((example) => JSON.stringify(example));
  const message = `the partitions leave out keys in ${gaps.length} ${gaps.length === 1 ? 'place' : 'places'}, such as ${examples.join(', ')}: what is there is not listed, not copied and not in the books; add ranges for it unless a part of the bucket is meant`;
  return [{ code: 'partitions-leave-gaps', level: 'warning', about: 'source', message }];
}
