/** Before the first test of several at once: what Maven collects is collected by one process, because its repository is not for two that download. */
import { hadoopJars } from './hadoop/jars.ts';
import { hiveFiles } from './hive/installation.ts';
import { trinoServer } from './trino/daemon.ts';

/** Vitest's global set-up of `make e2e`. */
export default function collect(): void {
  hadoopJars();
  hiveFiles();
  trinoServer();
}
