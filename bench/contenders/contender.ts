/** A program that can be measured: ours or a peer. It gives command lines; the harness runs them and looks at what arrived. */
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
}

/** What a command line needs beside its output file, which the harness gives. */
export type Call = Omit<Command, 'output'>;

/** How to find the keys in what a program wrote to standard output. */
export interface KeyColumn {
  /** The key's bytes in one line; null for a line that holds none. */
  readonly keyOf: (line: Buffer) => Buffer | null;
}

/** One program, or one way of using it. */
export interface Contender {
  readonly name: string;
  /** Null where it is not installed; the report says so. */
  version(): string | null;
  /** Lists the source to standard output; null where it cannot. */
  readonly list: ((site: Site) => Call & KeyColumn) | null;
  /** Copies everything from source to destination inside the service; null where it cannot. */
  readonly copy: ((site: Site) => Call) | null;
}
