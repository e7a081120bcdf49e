/** What a command gets of its process. Commands never touch the global one, so that tests run them like everybody else. */
import type { Writable } from 'node:stream';

/** A stream that is written to, and maybe a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** The surroundings of a command. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted when the process is told to stop; its reason is a StoppedError. */
  readonly signal: AbortSignal;
  /** The folder that holds `package.json` and `build/`. */
  readonly root: string;
}

/** How a command ends. */
export const EXIT = {
  /** All is well. */
  well: 0,
  /** Some object failed, the books do not balance, or a step failed. */
  failed: 1,
  /** Bad input; nothing was started. */
  badInput: 2,
  /** Told to stop (128 + SIGINT). */
  interrupted: 130,
} as const;
