/** One small streaming job and what of its result is compared between real Hadoop and the local cluster. */

/** Where the real answer comes from: one JVM without retries, or the daemons of a whole cluster. */
export type RealHadoop = 'local-job-runner' | 'daemons';

/** Paths that a case's arguments need; each cluster has its own. */
export interface CasePaths {
  /** Folder that holds the case's input files by name. */
  readonly input: string;
  readonly output: string;
  /** Folder that holds the case's programs and archives by name. */
  readonly files: string;
}

/** A job. */
export interface ContractCase {
  /** A sentence about what Hadoop does. */
  readonly title: string;
  readonly real: RealHadoop;
  /** Input files by name, in the one input folder. */
  readonly input: Readonly<Record<string, Uint8Array>>;
  /** Programs and archives, shipped by `-files` and `-archives`, by name. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Everything after `hadoop-streaming`. */
  readonly args: (paths: CasePaths) => readonly string[];
  /** The output folder exists before the job, with one file in it. */
  readonly outputExists?: boolean;
  /** Counters that are compared, as `group.name`. */
  readonly counters?: readonly string[];
}

/** What came of it. */
export interface CaseAnswer {
  readonly status: 'completed' | 'failed';
  /** Output files by name, `.gz` unpacked; hidden files but `_SUCCESS` left out. */
  readonly output: Readonly<Record<string, Uint8Array>>;
  /** Values of the case's counters; absent ones are 0. */
  readonly counters: Readonly<Record<string, number>>;
}
