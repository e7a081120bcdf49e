/** A program that can be measured: ours or a peer. It gives command lines; the harness runs them and looks at what arrived. */
import type { ShapeName } from '../../infra/local/s3-store/virtual/shape-names.ts';
import type { Command } from '../measure.ts';

/** Where a measurement happens. */
export interface Site {
  readonly endpoint: string;
  readonly region: string;
  readonly source: string;
  readonly destination: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** A fresh directory for this run. */
  readonly directory: string;
  /** Requests that may be under way at once; null: as the contender does by itself, or at its measured best. */
  readonly inFlight: number | null;
  /** The key space that is listed or compared, for contenders that need hints; null where it is none of the virtual ones. */
  readonly keySpace: { readonly shape: ShapeName; readonly keys: number } | null;
}

/** What a command line needs beside its output file, which the harness gives. */
export type Call = Omit<Command, 'output' | 'limitSeconds'>;

/** How to find the keys in what a program wrote. */
export type Listed =
  /** Lines on standard output; the key's bytes in one line, null for a line that holds none. */
  | { readonly kind: 'lines'; readonly keyOf: (line: Buffer) => Buffer | null }
  /** A Parquet file with a column. */
  | { readonly kind: 'parquet'; readonly file: string; readonly column: string };

/** A listing, and how its keys are found. */
export type ListCall = Call & { readonly listed: Listed };

/** A comparison, and how many objects it found to differ. */
export type CompareCall = Call & {
  /** Exit codes beside 0 that are no failure; 1 where differences are told so. */
  readonly exitCodes?: readonly number[];
  /** @param output - file that holds standard output */
  readonly differences: (output: string) => Promise<number>;
};

/** A copy, and how long the copying alone took. */
export type CopyCall = Call & {
  /** Seconds of the copy step; null, or left out: it does not say. */
  readonly copySeconds?: () => Promise<number | null>;
};

/** One program, or one way of using it. What it cannot do is null. */
export interface Contender {
  readonly name: string;
  /** Null where it is not installed; the report says so. */
  version(): string | null;
  /** Whether a listing is one page after the other whatever the keys: then one key space tells all. */
  readonly isSerial: boolean;
  /** Lists the source. */
  readonly list: ((site: Site) => ListCall) | null;
  /** Copies everything from source to destination inside the service. */
  readonly copy: ((site: Site) => CopyCall) | null;
  /** Says what differs between source and destination, and writes nothing. */
  readonly compare: ((site: Site) => CompareCall) | null;
  /** Tells its options: what starting it costs. */
  readonly help: ((site: Site) => Call) | null;
}
