/** One interface on a run's directory, whether it is `s3://` or files. */

/** A file of the directory. */
export interface RunFile {
  /** Relative to the run's directory, with `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** A run's directory; every path is relative to it, with `/` between names (see layout.ts). */
export interface RunDirectory {
  /** Absolute path or `s3://bucket/prefix`, without a slash at its end. */
  readonly base: string;
  /** The path or URL of a name, as step arguments want it. */
  locate(path: string): string;
  /** The whole file; null where there is none. */
  read(path: string): Promise<Uint8Array | null>;
  /** Writes or replaces a file; a reader sees the old bytes or the new ones, never a part. */
  write(path: string, bytes: Uint8Array | string): Promise<void>;
  /** Every file below a folder, in byte order of the path; none where there is no such folder. */
  list(folder: string): Promise<readonly RunFile[]>;
  /** The bytes of a file. @throws RunFileMissingError where there is none */
  openRead(path: string): AsyncIterable<Uint8Array>;
}

/** Thrown where a file of the run that must be there is not. */
export class RunFileMissingError extends Error {
  override readonly name = 'RunFileMissingError';
  readonly code = 'RUN_FILE_MISSING';
  readonly retryable = false;
  /** Path or URL of the file. */
  readonly file: string;

  constructor(file: string) {
    super(`${file} is missing; it was written by an earlier step of the run and must not be removed while the run goes on`);
    this.file = file;
  }
}

/** Thrown where a path would leave the run's directory. */
export class RunPathError extends Error {
  override readonly name = 'RunPathError';
  readonly code = 'RUN_PATH_INVALID';
  readonly retryable = false;

  constructor(path: string) {
    super(`${JSON.stringify(path)} is no path inside the run directory; names with / between them are allowed, without . .. or an empty name`);
  }
}

/** Checks a relative path. @throws RunPathError */
export function checkedPath(path: string): string {
  if (path.split('/').some((name) => name === '' || name === '.' || name === '..')) throw new RunPathError(path);
  return path;
}
