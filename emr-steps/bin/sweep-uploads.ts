/** The program `sweep-uploads`: a mapper; the rows that were to be copied in, open uploads of the run that were aborted out. */
import { runMapper } from '../hadoop/run-step.ts';
import { objectRecord } from '../records/object-record.ts';
import { StepArgumentError } from '../records/step-arguments.ts';
import { sweptUpload } from '../records/swept-upload.ts';
import { runDirectory } from '../run-directory/open-run-directory.ts';
import type { RunDirectory } from '../run-directory/run-directory.ts';
import type { S3Client } from '../s3/s3-client.ts';
import { sweepUploads } from '../sweep/sweep-uploads.ts';
import { startProcess } from './process-entry.ts';
import { type ProgramRun, programMain } from './program.ts';
import { runDirectoryConnection } from './run-directory-connection.ts';
import { runStartedAt } from './run-started-at.ts';

type Run = ProgramRun<'sweep-uploads'>;

/** Runs it. */
export const main = programMain('sweep-uploads', async (run) => {
  const { options } = run;
  const startedAt = runStartedAt(options['run-id']);
  if (startedAt === null)
    throw new StepArgumentError(`--run-id is ${JSON.stringify(options['run-id'])}, which tells no start: every upload could be older than the run`);
  const program = sweepUploads({
    destination: await run.connect(options),
    destinationPrefix: options.prefix,
    concurrency: options.concurrency,
    // The session of a role that is assumed has the run's name; without a role all programs of a user look alike.
    run: { startedAt, session: options['role-arn'] === undefined ? null : options['run-id'], isOthers: () => false },
    claims: { own: (await directories(run, options['run-directory']))[0] ?? null, others: await directories(run, options['other-runs']) },
  });
  await runMapper({ ...run, program, input: objectRecord, output: sweptUpload });
});

/** The run directories in a list with commas between. */
async function directories(run: Run, list: string | undefined): Promise<readonly RunDirectory[]> {
  const bases = list === undefined ? [] : list.split(',');
  const buckets = new Set(bases.flatMap((base) => /^s3[an]?:\/\/([^/]+)/.exec(base)?.slice(1) ?? []));
  const clients = new Map<string, S3Client>();
  for (const bucket of buckets) clients.set(bucket, await run.connect(runDirectoryConnection(bucket, run.env)));
  return bases.map((base) => runDirectory(base, (bucket) => clients.get(bucket) as S3Client));
}

if (import.meta.main) startProcess(main, process);
