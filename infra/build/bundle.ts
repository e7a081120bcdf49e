/**
 * `make build`: the programs of the steps as one file each (`build/steps/<program>.js`), the command and the demo (`build/cli/`), and the
 * folder `build/node` that stands for the Node archive on this machine.
 */

import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { PROGRAM_OPTIONS } from '../../emr-steps/records/program-options.ts';
import { leanUndici } from './lean-undici.ts';
import { linkNodes } from './link-nodes.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Native code cannot be bundled. */
const NATIVE = ['@duckdb/node-api'];

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node' as const,
  target: 'node24',
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none' as const,
  logLevel: 'warning' as const,
  external: NATIVE,
  plugins: [leanUndici(ROOT)],
} satisfies BuildOptions;

/** Entries below `cli/` that are programs of their own; those that do not exist are left out. */
const COMMANDS = ['carillon', 'demo'];

/**
 * A program that Hadoop localises stands alone: no package.json beside it, no second file. So it is CommonJS, and its own main module.
 * Each is built by itself, so that a defect in one leaves the others.
 */
async function bundleStep(program: string, output: string): Promise<void> {
  await build({
    ...COMMON,
    entryPoints: [`emr-steps/bin/${program}.ts`],
    outfile: join(output, `${program}.js`),
    format: 'cjs',
    define: { 'import.meta.main': 'true' },
  });
}

/** The command is split, so that it loads only what the given words need. */
async function bundleCommands(output: string): Promise<void> {
  const entries = COMMANDS.map((name) => `cli/${name}.ts`).filter((entry) => existsSync(join(ROOT, entry)));
  await build({
    ...COMMON,
    entryPoints: entries,
    outdir: output,
    // Packages as ES modules where they are: what is loaded late as CommonJS has no named exports in a split bundle.
    mainFields: ['module', 'main'],
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);" },
  });
}

/** Bundles everything into `build/`. What an earlier build left there of these folders is removed. @returns whether all went well */
async function bundle(): Promise<boolean> {
  const folder = (name: string): string => join(ROOT, 'build', name);
  await Promise.all(['steps', 'cli', 'node'].map(async (name) => await rm(folder(name), { recursive: true, force: true })));
  await Promise.all([folder('node'), folder('steps')].map(async (path) => await mkdir(path, { recursive: true })));
  await writeFile(join(folder('steps'), 'package.json'), '{ "type": "commonjs" }\n');
  await copyFile(join(ROOT, 'infra/build/run.sh'), join(folder('node'), 'run.sh'));
  await chmod(join(folder('node'), 'run.sh'), 0o755);
  await linkNodes(ROOT, folder('node'));
  const steps = Object.keys(PROGRAM_OPTIONS).map(async (program) => await bundleStep(program, folder('steps')));
  const results = await Promise.allSettled([...steps, bundleCommands(folder('cli'))]);
  return results.every((result) => result.status === 'fulfilled');
}

// esbuild has said what is wrong.
if (!(await bundle())) process.exitCode = 1;
