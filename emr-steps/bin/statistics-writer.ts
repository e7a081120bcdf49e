/** Puts the statistics of a task attempt into the directory that `--statistics` names: a path, `file://` or `s3://`. */
import { fileURLToPath } from 'node:url';
import type { Environment } from '../hadoop/environment.ts';
import type { StatisticsWriter } from '../hadoop/statistics-report.ts';
import { fileRunDirectory } from '../run-directory/file-run-directory.ts';
import { statisticsFile } from '../run-directory/layout.ts';
import type { S3Client } from '../s3/s3-client.ts';
import type { Connector } from './connect.ts';
import { runDirectoryConnection } from './run-directory-connection.ts';

/** The writer; a bucket is reached with the standard chain's credentials at the first write. */
export function statisticsWriter(directory: string, connector: Connector, env: Environment): StatisticsWriter {
  const [, bucket, prefix = ''] = /^s3[an]?:\/\/([^/]+)\/?(.*)$/s.exec(directory) ?? [];
  if (bucket !== undefined) return bucketWriter(bucket, prefix.replace(/\/$/, ''), connector, env);
  const files = fileRunDirectory(directory.startsWith('file:') ? fileURLToPath(directory) : directory);
  return async (statistics) => await files.write(statisticsFile(statistics.taskAttempt), JSON.stringify(statistics));
}

function bucketWriter(bucket: string, prefix: string, connector: Connector, env: Environment): StatisticsWriter {
  let client: Promise<S3Client> | null = null;
  return async (statistics) => {
    client ??= connector.connect(runDirectoryConnection(bucket, env));
    const { putObject } = await import('../s3/put-object.ts');
    const key = [prefix, statisticsFile(statistics.taskAttempt)].filter((part) => part !== '').join('/');
    await putObject(await client, { key, body: Buffer.from(JSON.stringify(statistics)) });
  };
}
