/**
 * `make build`: the programs of the steps as one file each (`build/steps/<program>.js`), the functions likewise (`build/lambdas/<name>/index.mjs`),
 * the command and the demo (`build/cli/`), the diff's Hive scripts (`build/diff/`), and the folder `build/node` that stands for the Node archive
 * on this machine.
 */

import { existsSync, readdirSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { PROGRAM_OPTIONS } from '../../emr-steps/records/program-options.ts';
import { writeDiffScripts } from './diff-scripts.ts';
import { leanHttp } from './lean-http.ts';
import { leanInterpreter } from './lean-interpreter.ts';
import { leanTracer } from './lean-tracer.ts';
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
  plugins: [leanUndici(ROOT), leanInterpreter()],
} satisfies BuildOptions;

/** Packages that are CommonJS ask for `require`, which an ES module has not. */
const REQUIRE_BANNER = "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);";

/** What becomes a program of its own. */
const COMMANDS = ['cli/carillon.ts', 'cli/demo.ts'];

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

/** A function on AWS: an ES module that stands alone, with all of its packages. Each folder of `lambdas/` that holds `<name>.lambda.ts` is one. */
async function bundleLambda(name: string, output: string): Promise<void> {
  await build({
    ...COMMON,
    entryPoints: [`lambdas/${name}/${name}.lambda.ts`],
    outfile: join(output, name, 'index.mjs'),
    mainFields: ['module', 'main'],
    format: 'esm',
    minify: true,
    banner: { js: REQUIRE_BANNER },
  });
}

function lambdaNames(): readonly string[] {
  return readdirSync(join(ROOT, 'lambdas')).filter((name) => existsSync(join(ROOT, 'lambdas', name, `${name}.lambda.ts`)));
}

/** The command is split, so that it loads only what the given words need. */
async function bundleCommands(output: string): Promise<void> {
  await build({
    ...COMMON,
    entryPoints: COMMANDS,
    outdir: output,
    // Packages as ES modules where they are: what is loaded late as CommonJS has no named exports in a split bundle.
    mainFields: ['module', 'main'],
    format: 'esm',
    splitting: true,
    // What is shorter is read and compiled sooner; names stay, for stacks.
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [...COMMON.plugins, leanTracer(), leanHttp()],
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: REQUIRE_BANNER },
  });
}

/** Folders below `build/` that are made here, and no others. */
const FOLDERS = ['steps', 'cli', 'node', 'lambdas', 'diff'] as const;

/**
 * Bundles everything, beside what an earlier build made, and puts it in its place when all is there: a run that goes on meanwhile loses
 * nothing, and a build that fails changes nothing.
 */
async function bundle(): Promise<void> {
  const place = (name: string): string => join(ROOT, 'build', name);
  const fresh = (name: string): string => join(ROOT, 'build', `.${name}-${process.pid}`);
  try {
    await Promise.all(FOLDERS.map(async (name) => await mkdir(fresh(name), { recursive: true })));
    await writeFile(join(fresh('steps'), 'package.json'), '{ "type": "commonjs" }\n');
    await copyFile(join(ROOT, 'infra/build/run.sh'), join(fresh('node'), 'run.sh'));
    await chmod(join(fresh('node'), 'run.sh'), 0o755);
    await linkNodes(ROOT, fresh('node'));
    await writeDiffScripts(fresh('diff'));
    await Promise.all([
      ...Object.keys(PROGRAM_OPTIONS).map(async (program) => await bundleStep(program, fresh('steps'))),
      ...lambdaNames().map(async (name) => await bundleLambda(name, fresh('lambdas'))),
      bundleCommands(fresh('cli')),
    ]);
    for (const name of FOLDERS) {
      await rm(place(name), { recursive: true, force: true });
      await rename(fresh(name), place(name));
    }
  } finally {
    await Promise.all(FOLDERS.map(async (name) => await rm(fresh(name), { recursive: true, force: true })));
  }
}

await bundle().catch((error: Error) => {
  // Of its own errors esbuild has told already.
  if (!('errors' in error)) console.error(`build: ${error.message}`);
  process.exitCode = 1;
});
