/** The cluster that a command line asks for. */
import { PreflightError } from './preflight-error.ts';

/** What was asked for. */
export interface ClusterChoice {
  readonly cluster?: string | undefined;
  readonly 'cluster-dir'?: string | undefined;
}

/** Where the run directories of a Hadoop lie; null: the cluster is this machine. @throws PreflightError where one option misses the other */
export function hadoopBase({ cluster = 'local', 'cluster-dir': base }: ClusterChoice): string | null {
  if (cluster === 'local') {
    if (base !== undefined) throw new PreflightError(['--cluster-dir is for --cluster hadoop; on this machine give --run-dir']);
    return null;
  }
  if (base === undefined)
    throw new PreflightError(['--cluster hadoop needs --cluster-dir; give s3://BUCKET/PREFIX, or file:///DIR on a disk that all nodes share']);
  return base;
}

/** What is missing of a Hadoop is bad input. */
export function hadoopProblem(error: unknown): unknown {
  const isOfHadoop = error instanceof Error && 'code' in error && /^(HADOOP_|RUN_HOME_)/.test(String(error.code));
  return isOfHadoop ? new PreflightError([error.message]) : error;
}
