/**
 * A job's output directory, as FileOutputCommitter (version 2) treats it: each attempt writes below `_temporary`, its part moves up when it
 * has ended well, `_SUCCESS` comes last. After a failed job the parts of finished tasks stay, without `_SUCCESS`.
 */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JobRefusedError } from './job-refused.ts';
import { hadoopName, localPath } from './local-path.ts';

/** The output of one job. */
export class JobOutput {
  /** Absolute. */
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** @throws JobRefusedError where the directory exists: Hadoop never writes into one */
  static async refuseExisting(output: string): Promise<JobOutput> {
    const directory = localPath(output);
    const exists = await stat(directory).then(
      () => true,
      () => false,
    );
    if (exists) throw new JobRefusedError(`Output directory ${hadoopName(directory)} already exists`);
    return new JobOutput(directory);
  }

  /** Makes the directory. */
  async begin(): Promise<void> {
    await mkdir(this.#temporary, { recursive: true });
  }

  get #temporary(): string {
    return join(this.directory, '_temporary', '1', '_temporary');
  }

  /** Where an attempt writes its part. */
  attemptDirectory(attempt: string): string {
    return join(this.#temporary, attempt);
  }

  /** Moves the attempt's part up: all or nothing. */
  async commit(attempt: string, part: string): Promise<void> {
    await rename(join(this.attemptDirectory(attempt), part), join(this.directory, part));
  }

  /** Forgets what an attempt wrote. */
  async discard(attempt: string): Promise<void> {
    await rm(this.attemptDirectory(attempt), { recursive: true, force: true });
  }

  /** Ends a job that did all its work. */
  async succeed(): Promise<void> {
    await rm(join(this.directory, '_temporary'), { recursive: true, force: true });
    await writeFile(join(this.directory, '_SUCCESS'), '');
  }

  /** Ends a job that failed or was cancelled. */
  async abort(): Promise<void> {
    await rm(join(this.directory, '_temporary'), { recursive: true, force: true });
  }
}
