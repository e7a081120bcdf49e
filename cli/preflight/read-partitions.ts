/** The part file that a command line names. */
import { readFile } from 'node:fs/promises';
import type { Partition } from '../../emr-steps/records/partition.ts';
import { PartitionFileError, parsePartitionFile, WHOLE_PREFIX } from '../../workflows/request/partition-file.ts';
import { PreflightError } from './preflight-error.ts';

/** The partitions of a part file; one for everything where none is given. @throws PreflightError */
export async function readPartitions(file: string | undefined): Promise<readonly Partition[]> {
  if (file === undefined) return [WHOLE_PREFIX];
  try {
    return parsePartitionFile(await readFile(file));
  } catch (error) {
    if (error instanceof PartitionFileError) throw new PreflightError(error.sentences.map((sentence) => `part file ${file}: ${sentence}`));
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new PreflightError([`part file ${file} cannot be read (${code === 'ENOENT' ? 'there is none' : message})`]);
  }
}
