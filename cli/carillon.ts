/** The process: binds `main` to it. Bundled to `build/cli/carillon.js`, which `cli/bin/carillon` starts. */
import { existsSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { StoppedError } from '../emr-steps/bin/explain-error.ts';
import { EXIT } from './host.ts';
import { main } from './main.ts';

/** The nearest folder above the program that holds `package.json`. */
function findRoot(program: string): string {
  let folder = dirname(program);
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    stop.abort(new StoppedError(signal, constants.signals[signal]));
  });
}
/** Whoever reads us may have read enough (`carillon list … | head`); a disk that is full is told. */
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') process.stderr.write(`carillon: standard output cannot be written (${code}); what it did not take is lost, so run this again\n`);
  process.exit(EXIT.failed);
});

main(process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stop.signal,
  root: findRoot(realpathSync(process.argv[1] as string)),
}).then((code) => {
  process.exitCode = code;
});
