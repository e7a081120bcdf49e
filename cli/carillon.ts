/** The process: binds `main` to it. Bundled to `build/cli/carillon.js`, which `cli/bin/carillon` starts. */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
    stop.abort();
  });
}
/** Whoever reads us has read enough (`carillon list … | head`). */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.failed);
});

main(process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  stdoutDescriptor: 1,
  signal: stop.signal,
  root: findRoot(realpathSync(process.argv[1] as string)),
}).then((code) => {
  process.exitCode = code;
});
