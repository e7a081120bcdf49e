/** What one check of a request found. */

/** A problem of a member that is right by itself but not together with others. */
export interface Problem {
  readonly path: string[];
  /** What is wrong and what to write instead; a sentence behind the path. */
  readonly message: string;
}
