/** The process of `make demo`. Bundled to `build/cli/demo.js`. */
import { dirname, join } from 'node:path';
import { runDemo } from './demo/run-demo.ts';

const { env, stdout, argv } = process;
const root = join(dirname(argv[1] as string), '..', '..');
process.exitCode = await runDemo({ env, stdout, root });
