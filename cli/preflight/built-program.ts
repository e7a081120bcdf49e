/** Where the bundled programs of the steps lie. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramName } from '../../emr-steps/records/program-options.ts';

/** Thrown where a bundle is missing. */
export class NotBuiltError extends Error {
  override readonly name = 'NotBuiltError';
  readonly code = 'NOT_BUILT';
  readonly retryable = false;

  constructor(file: string) {
    super(`${file} is missing; run make build`);
  }
}

/** Path of a program's bundle. @throws NotBuiltError */
export function builtProgram(root: string, program: ProgramName): string {
  const file = join(root, 'build', 'steps', `${program}.js`);
  if (!existsSync(file)) throw new NotBuiltError(file);
  return file;
}
