/** What a plan is made of: the request, and where it will run. Nothing else decides a step's arguments. */
import type { AthenaPlace } from '../diff/athena-queries.ts';
import type { RunRequest } from '../request/run-request.ts';

/** What a step does with most rows. */
export type RowWork = 'request' | 'read';

/** A role that is assumed before any bucket of a run is asked, by nodes and functions alike; roles of other accounts are assumed from it. */
export interface DataRole {
  readonly arn: string;
  /** The Region whose STS is asked: one that the network reaches. */
  readonly stsRegion: string;
}

/** The cluster as the plan needs to know it. */
export interface ClusterFacts {
  /** `local`: this machine, where profiles of the shared configuration exist. `hadoop`: EMR or any other Hadoop. */
  readonly kind: 'local' | 'hadoop';
  /** Folder (a path or URL) of the bundled programs, `<program>.js`, without a slash at its end. */
  readonly programs: string;
  /** Path or URL of the archive that holds Node for every architecture and `run.sh`. */
  readonly nodeArchive: string;
  /** Folder (a path or URL) of the diff's Hive scripts, without a slash at its end. */
  readonly diffScripts: string;
  /** Places of single programs and scripts that do not lie in their folder under their own names, by file name. Left out: none. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** The role as which its tasks reach the two buckets; left out: whoever the node is. */
  readonly dataRole?: DataRole | undefined;
  /** Tasks that run at the same time. */
  readonly slots: number;
  /** Most tasks of a step are this many times the slots: more even out unequal tasks, each costs a start. */
  readonly waves: number;
  /** Requests under way at once in all tasks of a step together; few tasks get more each. */
  readonly requestsAtOnce: number;
  /** Bytes of rows that are worth a task of their own, by what is done with a row: a request to S3, or hardly anything. */
  readonly bytesPerTask: Readonly<Record<RowWork, number>>;
}

/** What a verification takes from an earlier run, as absolute paths or URLs. */
export interface VerifiedRun {
  /** Its listing of the source. */
  readonly source: string;
  /** Its ledgers, one a round. */
  readonly ledgers: readonly string[];
}

/** All that a plan follows from, beside the progress of the run. */
export interface RunFacts {
  /** With every default filled in and the Regions found out. */
  readonly request: RunRequest;
  /** See run-id.ts. */
  readonly runId: string;
  /** Absolute path or `s3://bucket/prefix` of this run's directory, without a slash at its end. */
  readonly runDirectory: string;
  /** When the run began, ISO 8601; left out where its id says it. */
  readonly startedAt?: string | undefined;
  /** Lines of `partitions/part.tsv`. */
  readonly partitions: number;
  readonly cluster: ClusterFacts;
  /** The run that a verification is of; not there: the sides are listed and compared without a ledger. */
  readonly verified?: VerifiedRun | null;
  /** Where Athena compares; needed for an Athena diff only. */
  readonly athena?: AthenaPlace | null;
}
