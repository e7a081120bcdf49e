/** The directory of a run that was begun from this machine, wherever its steps ran. */
import { join } from 'node:path';
import { fileRunDirectory } from '../../emr-steps/run-directory/file-run-directory.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { undiciTransport } from '../../emr-steps/s3/undici-transport.ts';
import type { Host } from '../host.ts';
import { type ClusterChoice, hadoopBase, hadoopProblem } from './cluster-choice.ts';
import { runsFolder } from './run-folder.ts';

/** Where the runs of a command line lie. */
export interface RunsPlace {
  /** Folder of the run directories; undefined: the default one. */
  readonly runs: string | undefined;
  /** Where the steps run. Default: on this machine. */
  readonly on?: ClusterChoice;
  readonly host: Host;
}

/** Uses the directory of a run, which may lie in a bucket: its connections are closed behind it. @throws PreflightError */
export async function withRunDirectory<T>(
  { runs, on = {}, host: { env } }: RunsPlace,
  runId: string,
  use: (directory: RunDirectory) => Promise<T>,
): Promise<T> {
  const base = hadoopBase(on);
  if (base === null) return await use(fileRunDirectory(join(runsFolder(runs, env), runId)));
  const transport = undiciTransport({ connections: 2 });
  try {
    const [{ clientConfigurationOf }, { hadoopRunHome }] = await Promise.all([
      import('../../infra/hadoop/client-configuration.ts'),
      import('../../infra/hadoop/run-home.ts'),
    ]);
    return await use(hadoopRunHome({ base, configuration: await clientConfigurationOf(env), env, transport }).directoryOf(runId));
  } catch (error) {
    throw hadoopProblem(error);
  } finally {
    await transport.close();
  }
}
