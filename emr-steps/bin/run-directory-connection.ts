/** How a program reaches a bucket of run directories: with the standard chain's credentials, at the endpoint that Hadoop itself uses. */
import type { Environment } from '../hadoop/environment.ts';
import { CONNECTION_OPTIONS } from '../records/program-options.ts';
import { decodeOptions } from '../records/step-arguments.ts';
import type { ConnectionValues } from './connect.ts';

/** The options of its client. `AWS_ENDPOINT_URL_S3`, else S3A's `fs.s3a.endpoint` (every job property is in a task's environment), else AWS. */
export function runDirectoryConnection(bucket: string, env: Environment): ConnectionValues {
  const endpoint = [env.AWS_ENDPOINT_URL_S3, env.fs_s3a_endpoint].find((url) => /^https?:\/\//.test(url ?? ''));
  return decodeOptions(CONNECTION_OPTIONS, ['--bucket', bucket, ...(endpoint === undefined ? [] : ['--endpoint-url', endpoint.replace(/\/$/, '')])]);
}
