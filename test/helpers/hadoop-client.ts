/**
 * A Hadoop client whose jobs the local cluster runs: hadoop-client.ts jar <jar> <words of a streaming job>, and whose Hive is DuckDB:
 * hadoop-client.ts hive <words of a script>. Every `fs` command succeeds, and the archive of Node is the folder that the build leaves.
 */
import { resolve } from 'node:path';
import { localCluster } from '../../infra/local/cluster/local-cluster.ts';
import { nodeEnvironment } from '../../infra/local/cluster/node-environment.ts';
import { runHiveScript } from '../../infra/local/diff/hive-script.ts';

const NODE_FOLDER = resolve(import.meta.dirname, '../../build/node');

const [command, ...words] = process.argv.slice(2);
if (command === 'jar') process.exitCode = await job(words.slice(1));
if (command === 'hive') await runHiveScript(words, { ignore: () => {} }, new AbortController().signal);

async function job(given: readonly string[]): Promise<number> {
  const archive = given.indexOf('-archives') + 1;
  const args = ['hadoop-streaming', ...given.with(archive, `${NODE_FOLDER}#node`)];
  const controller = new AbortController();
  process.once('SIGTERM', () => controller.abort());
  const cluster = localCluster({ environment: nodeEnvironment(process.env) });
  const outcome = await cluster.run({ name: 'job', args }, controller.signal).finally(() => cluster.close());
  if (outcome.status === 'failed') process.stderr.write(`ERROR streaming.StreamJob: Error Launching job : ${outcome.cause}\n${outcome.log}\n`);
  return outcome.status === 'completed' ? 0 : 1;
}
